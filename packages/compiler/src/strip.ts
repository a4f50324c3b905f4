// strip: a `.tsjit` text -> plain JavaScript, for eager runs

import { readSyntax } from './1-parse/read-syntax.ts'
import type { EmittedCode } from './6-emit/assemble.ts'
import { stripModule as stripSyntax } from './6-emit/strip-module.ts'
import { renderAll } from './diagnostics/render.ts'
import { createReporter } from './diagnostics/reporter.ts'

/** What to strip. */
export interface StripOptions {
  readonly file: string
  readonly text: string
  /** Returns what an import's specifier becomes; the same for no change. */
  rewrite(specifier: string): string
}

/** Returns the module as JavaScript. Throws SyntaxError with the rendered errors for text that is no TypeScript. */
export function stripModule(options: StripOptions): EmittedCode {
  const report = createReporter()
  const ast = readSyntax(options.file, options.text, report)
  if (ast === undefined) throw new SyntaxError(renderAll(report.diagnostics, new Map([[options.file, options.text]])))
  return stripSyntax({
    file: options.file,
    text: options.text,
    ast,
    rewrite: (specifier) => options.rewrite(specifier),
  })
}
