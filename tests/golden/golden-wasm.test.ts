// Reference values, in WebAssembly

import { importCompiled } from '../support/import-compiled.ts'
import { describeGolden } from './suite.ts'

describeGolden({ load: (file) => importCompiled(file, 'wasm', { modes: ['eval', 'train'] }), target: 'wasm' })
