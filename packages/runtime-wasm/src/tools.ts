// tools: what every page that runs WebAssembly has, handed over to what some pages load
//
// Files for threads take these as values and not by import: bundlers cut what several files import into more files.
import { arrayOf, INNER_SPLIT_WORK, POOL_END, sizeOf, SPLIT_WORK, TsjitError } from '@tsjit/host'
import { compileModule } from './compile-module.ts'
import { Layout } from './layout.ts'
import { tooLarge, WasmSession } from './session.ts'
import { CpuTensor } from './tensor.ts'

/** What is handed over. */
export interface Tools {
  readonly arrayOf: typeof arrayOf
  readonly sizeOf: typeof sizeOf
  /** The address of a program's table. */
  readonly table: number
  readonly splitWork: number
  readonly innerWork: number
  readonly TsjitError: typeof TsjitError
  readonly compileModule: typeof compileModule
  readonly Layout: typeof Layout
  readonly tooLarge: typeof tooLarge
  readonly WasmSession: typeof WasmSession
  readonly CpuTensor: typeof CpuTensor
}

/** Everything. */
export const tools: Tools = {
  arrayOf,
  sizeOf,
  table: POOL_END,
  splitWork: SPLIT_WORK,
  innerWork: INNER_SPLIT_WORK,
  TsjitError,
  compileModule,
  Layout,
  tooLarge,
  WasmSession,
  CpuTensor,
}
