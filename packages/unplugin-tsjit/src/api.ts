// api: the file compiler without a bundler
//
// For the command line and Node's import hooks.

export { type AssembledCuda, assembleCuda } from './assemble-cuda.ts'
export { type AssetPlace, withAssets } from './assets.ts'
export { createFileCompiler } from './compile-file.ts'
export type { EagerModule, FileCompiler, FileOptions } from './compile-file.ts'
export type { Compiler, SourceMapLike } from './compiler.ts'
export { kernelsOf } from './kernels-of.ts'
export type { KernelText } from './kernels-of.ts'
export { errorsOf, plainError, warningsOf } from './messages.ts'
export type { Diagnosed } from './messages.ts'
export { makeFolder } from './make-folder.ts'
export { mirrorFile, mirrorOf, writeTypes } from './mirror-types.ts'
export type { Mirror } from './mirror-types.ts'
export { parseModuleId } from './module-id.ts'
export type { ModuleId } from './module-id.ts'
export { type EntryUse, findPtxas, isArchitecture } from './ptxas.ts'
export { ownPattern, resolveOwn } from './resolve-own.ts'
export { type Form, targets } from './targets.ts'
export type { CudaOptions } from './options.ts'
export { createSourceHost } from './source-host.ts'
export type { HostOptions, RecordingHost } from './source-host.ts'
