// compiler: what the plugin needs of @tsjit/compiler
//
// The plugin gets its compiler as an argument: the entry points pass the real one, tests may pass another.

import type * as compilerModule from '@tsjit/compiler'
import type { CompileResult } from '@tsjit/compiler'

/** The part of @tsjit/compiler that the plugin calls. */
export type Compiler = Pick<
  typeof compilerModule,
  | 'compile'
  | 'stripModule'
  | 'codeFrame'
  | 'createDiagnostic'
  | 'didYouMean'
  | 'renderDiagnostic'
  | 'renderAll'
  | 'toJson'
>

/** A source map as the compiler gives it. */
export type SourceMapLike = CompileResult['map']
