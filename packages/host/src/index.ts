// The host API that every target implements, and the data forms that the compiler emits.
export type * from './contract.ts'
export { CONTRACT_VERSION } from './contract.ts'
export { convertElements, fileDTypeOf } from './convert.ts'
export { createDefinition } from './definition.ts'
export type * from './driver.ts'
export { arrayOf, type ArrayConstructorOf, decoderOf, encoderOf, sizeOf } from './dtype.ts'
export { didYouMean, type ErrorCode, type Problem, showType, TsjitError } from './errors.ts'
export { place } from './place.ts'
export {
  readSafetensors,
  writeSafetensors,
  type FileTensor,
  type SafetensorsFile,
  type TensorToWrite,
} from './safetensors.ts'
export { nestElements } from './structure.ts'
