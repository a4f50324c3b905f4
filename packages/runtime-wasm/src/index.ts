// The WebAssembly runtime: what a compiled module imports.
//
// Importing does nothing, so modules that use it can be loaded on a server.
export { TsjitError, hostCalls, manyPrograms } from '@tsjit/host'
export { profiledProgram } from './profile.ts'
export { program } from './program.ts'
