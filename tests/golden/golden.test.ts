// Reference values, eagerly on the CPU

import { describeGolden } from './suite.ts'

describeGolden({ load: (file) => import(file), target: 'eager' })
