// source: parsed modules
//
// A program is a set of modules: the entry and every `.tsjit` (and `.json`) module that it reaches. Nothing here is
// evaluated yet.

import type { ArrowFunctionExpression, File, FunctionDeclaration, FunctionExpression, ObjectMethod } from '@babel/types'

/** One `.tsjit` module as text and syntax tree. */
export interface SourceModule {
  /** Absolute path, or the id that the host uses. */
  readonly file: string
  readonly text: string
  readonly ast: File
  readonly imports: readonly SourceImport[]
}

/** An import that binds names. Type-only imports are left out. */
export interface SourceImport {
  readonly specifier: string
  /** What the specifier resolves to. */
  readonly target: ImportTarget
  readonly start: number
  readonly end: number
}

/** What an import means to the compiler. */
export type ImportTarget =
  /** `@tsjit/dsl`: the vocabulary itself. */
  | { readonly kind: 'dsl' }
  /** Another `.tsjit` module (`@tsjit/nn` included). */
  | { readonly kind: 'module'; readonly file: string }
  /** A `.json` module: its value. */
  | { readonly kind: 'json'; readonly file: string; readonly value: unknown }
  /** Reported already. */
  | { readonly kind: 'invalid' }

/** The syntax of a function. */
export type FunctionNode = ArrowFunctionExpression | FunctionDeclaration | FunctionExpression | ObjectMethod

/** A function that stays JavaScript, and what it names outside itself. */
export interface HostFunction {
  readonly file: string
  readonly node: FunctionNode
  /** By name; what is not here is the app's: `console`, `fetch`. */
  readonly captures: ReadonlyMap<string, HostCapture>
}

/** What a host function captures: plain data (an object is the same for all that capture it), or another function. */
export type HostCapture = { readonly data: unknown } | { readonly fn: HostFunction }

/** The entry module and everything it reaches. */
export interface SourceProgram {
  readonly entry: SourceModule
  readonly modules: ReadonlyMap<string, SourceModule>
}

/** Reads other modules for the compiler, which does no I/O of its own. */
export interface SourceHost {
  /** Returns the absolute file that `specifier` means when imported from `importer`, or undefined. */
  resolve(specifier: string, importer: string): string | undefined | Promise<string | undefined>
  /** Returns the text of a file, or undefined. */
  read(file: string): string | undefined | Promise<string | undefined>
}
