// routine: one function of the library

/** A function of the library. Parameters are called x, y, z; the body may call other routines. */
export interface Routine {
  readonly params: readonly string[]
  readonly result: string
  readonly body: string
}

/** Routines by name; names start with `tj_`, which no kernel's names do. */
export type RoutineTable<Name extends string> = { readonly [N in Name]: Routine }
