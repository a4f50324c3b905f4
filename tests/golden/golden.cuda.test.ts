// Reference values, on CUDA

import { importCompiled } from '../support/import-compiled.ts'
import { describeGolden } from './suite.ts'

describeGolden({ load: (file) => importCompiled(file, 'cuda', { modes: ['eval', 'train'] }), target: 'cuda' })
