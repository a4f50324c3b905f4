// Graphs of each kernel form, through schedule and WGSL on a device, against the plain reference.

import { describeDevice } from '../../../tests/support/device.ts'
import { checkOnDevice } from './support/check-on-device.ts'
import { describeKernels } from './support/kernel-tests.ts'

await describeDevice('kernels on a device', () => describeKernels(checkOnDevice))
