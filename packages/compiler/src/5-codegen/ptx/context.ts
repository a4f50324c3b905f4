// context: what statements and expressions of one kernel are printed with

import type { Dim, DType } from '@tsjit/dsl/compiler'
import type { Expr, GroupArray, MatrixUnit, ScalarType, Width } from '../../ir/kernel/kernel.ts'
import type { Assembler, Operand } from './assembler.ts'
import type { RegisterType } from './register-names.ts'

/** A value: one operand a component. */
export type Value = readonly Operand[]

/** A buffer parameter. */
export interface PtxParam {
  readonly name: string
  readonly dtype: DType
  readonly isWritten: boolean
  /** How many writes came before the place that is being printed. */
  writes: number
}

/** An array in group memory. */
export interface PtxArray {
  readonly array: GroupArray
  readonly name: string
  writes: number
}

/** A mutable local: in registers, by component, or in memory of the thread where it is an array with computed elements. */
export interface PtxVar {
  readonly type: ScalarType
  readonly width: Width
  /** Of each element, where all elements are known. */
  readonly registers: readonly Value[]
  /** The name of the memory where they are not. */
  readonly memory: string | undefined
  writes: number
}

/** A matrix that the threads of a warp hold together. */
export interface PtxFragment {
  readonly unit: MatrixUnit
  readonly registers: Value
}

/** What is printed with. */
export interface PtxContext {
  readonly asm: Assembler
  readonly lanes: readonly [number, number, number]
  readonly params: ReadonlyMap<string, PtxParam>
  readonly arrays: ReadonlyMap<string, PtxArray>
  readonly vars: Map<string, PtxVar>
  /** `let`s of the kernel, and loop variables that stayed loops. */
  readonly lets: Map<string, Value>
  readonly fragments: Map<string, PtxFragment>
  /** Loop variables of loops that are written out. */
  readonly unrolled: Map<string, Dim>
  /** Values of the statement that is being printed: shared expressions are walked once. */
  known: readonly Map<Expr, Value>[]
  /** Variables that are arrays with computed elements. */
  readonly computed: ReadonlySet<string>
  /** The predicate under which memory may be read; undefined: always. */
  guard: Operand | undefined
  /** Returns a symbol that is no local: a group, a lane, a dimension, a scalar. */
  symbol(name: string): Operand
  /** Returns the register with the address of a parameter. */
  base(param: string): Operand
  /** Declares memory of the thread and returns its name. */
  declareLocal(name: string, bytes: number): string
}

/** Where values of a type are. */
export const registerOf: { readonly [T in ScalarType]: RegisterType } = {
  f32: 'f32',
  i32: 'b32',
  u32: 'b32',
  bool: 'pred',
}
