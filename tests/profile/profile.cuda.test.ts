// Profiles of models on CUDA: loops as nodes of a graph are launched by the host while they are timed.

import { describe } from 'vitest'
import { checkProfiles } from './check-profiles.ts'

describe('profiles', () => checkProfiles('cuda'))
