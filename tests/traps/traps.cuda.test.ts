// Traps of calls, on CUDA

import { test } from 'vitest'
import { checkDecisions } from './check-decisions.ts'

test('each call decides for itself', () => checkDecisions('cuda'))
