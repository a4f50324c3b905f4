// tsjit: the command line as a function
export { main } from './main.ts'
export { exitCodes } from './terminal.ts'
export type { Terminal } from './terminal.ts'
