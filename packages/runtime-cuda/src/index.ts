// The CUDA runtime: what a compiled module imports.
//
// Importing does nothing and needs no GPU: the driver is looked for at the first load.
export { TsjitError, hostCalls, manyPrograms } from '@tsjit/host'
export { profiledProgram } from './profile.ts'
export { program } from './program.ts'
