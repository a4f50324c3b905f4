// routine: one function of the library of printed modules

/** A function in WebAssembly text. Parameters are called x, y, z. */
export interface Routine {
  readonly params: readonly ('i32' | 'f32' | 'v128')[]
  readonly result: 'i32' | 'f32' | 'v128'
  readonly locals?: Readonly<Record<string, 'i32' | 'f32' | 'v128' | 'f64'>>
  /** Statements and a last expression; calls of other routines by `(call $name …)`. */
  readonly body: string
}

/** Routines by name. */
export type RoutineTable = Readonly<Record<string, Routine>>

/** What routines are written with: multiply-add is one instruction where the target has it. */
export interface RoutineStyle {
  /** a * b + c, four lanes. */
  readonly madd: (a: string, b: string, c: string) => string
}
