// compile-clean: a file -> its compilation, or its errors as one text

import * as compiler from '@tsjit/compiler'
import type { CompileResult } from '@tsjit/compiler'
import { createFileCompiler, errorsOf } from 'unplugin-tsjit/api'
import type { FileCompiler, FileOptions } from 'unplugin-tsjit/api'
import type { Terminal } from './terminal.ts'

/** The compiler of this process. */
export const files: FileCompiler = createFileCompiler(compiler)

/** A file with errors; the message is all of them as people read them. */
export class CompileError extends Error {
  override readonly name: string = 'CompileError'
}

/** Compiles a file. Throws a CompileError where it has errors; prints warnings. */
export async function compileClean(
  file: string,
  terminal: Terminal,
  options: FileOptions = {},
): Promise<CompileResult> {
  const result = await files.compileFile(file, options)
  const shown = compiler.renderAll(result.diagnostics, result.sources, {
    cwd: terminal.cwd,
    color: terminal.isComplaintColored,
  })
  if (errorsOf(result).length > 0) throw new CompileError(shown)
  if (shown !== '') terminal.complain(shown)
  return result
}
