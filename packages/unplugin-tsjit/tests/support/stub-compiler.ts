// stub-compiler: stands in for the compiler where a test is about the plugin alone
//
// `export const x = model(` becomes a module that says so; `x + y` on a line is an error at its place.
import { createDiagnostic } from '../../../compiler/src/diagnostics/reporter.ts'
import { didYouMean } from '../../../compiler/src/diagnostics/did-you-mean.ts'
import { codeFrame, renderAll, renderDiagnostic } from '../../../compiler/src/diagnostics/render.ts'
import { toJson } from '../../../compiler/src/diagnostics/formats.ts'
import type { Diagnostic } from '../../../compiler/src/diagnostics/diagnostic.ts'
import type { Compiler } from '../../src/compiler.ts'

/** The number of compilations so far. */
export const counter = { compiled: 0 }

/** A compiler of no ambition. */
export const stubCompiler = {
  async compile({ file, text, host, others, names }) {
    counter.compiled += 1
    const sources = new Map([[file, text]])
    for (const specifier of specifiersOf(text)) {
      const target = await host.resolve(specifier, file)
      const inner = target?.includes('.tsjit') ? await host.read(target) : undefined
      if (target !== undefined && inner !== undefined) sources.set(target, inner)
    }
    const diagnostics = [...text.matchAll(/\b\w+ \+ \w+\b/g)].map(([match], index): Diagnostic =>
      createDiagnostic(
        'dim_conflict',
        { file, start: text.indexOf(match), end: text.indexOf(match) + match.length },
        { name: `${match} ${index}` },
      ),
    )
    const lines = text.split('\n').map((line) => {
      const name = /^export const (\w+) = model\(/.exec(line)?.[1]
      const eagerly = `async () => (await import(${JSON.stringify(others?.eager)})).${name}`
      const body = `{ name: '${name}', names: '${names}', text: ${JSON.stringify([...sources.values()])}, eager: ${eagerly}, load: async () => ({ dispose() {} }) }`
      return name === undefined ? '' : `export const ${name} = ${body}`
    })
    const mappings = lines.map((_, index) => (index === 0 ? 'AAAA' : 'AACA')).join(';')
    const isWrong = diagnostics.some(({ severity }) => severity === 'error')
    return {
      assets: [],
      code: isWrong ? '' : lines.join('\n'),
      map: { version: 3, sources: [file], sourcesContent: [text], names: [], mappings },
      types: isWrong ? '' : `export declare const net: { readonly name: string }\n`,
      dependencies: [...sources.keys()],
      diagnostics,
      sources,
      files: [],
      weights: [],
      explain: [],
    }
  },
  stripModule({ text, rewrite }) {
    const code = text
      .replaceAll(/, type \w+/g, '')
      .replaceAll(/: Tensor\b/g, '')
      .replaceAll(/^import .* from '@tsjit\/dsl'$/gm, 'const [model, f32, tj] = [(each) => each, (n) => n, String.raw]')
      .replaceAll(/from '([^']+)'/g, (_, specifier: string) => `from '${rewrite(specifier)}'`)
    return { code, map: null as never }
  },
  codeFrame,
  createDiagnostic,
  didYouMean,
  renderDiagnostic,
  renderAll,
  toJson,
} satisfies Compiler as Compiler

function specifiersOf(text: string): readonly string[] {
  return [...text.matchAll(/from '([^']+)'/g)].map(([, specifier = '']) => specifier)
}
