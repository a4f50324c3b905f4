// The public list of programs: what must compile, run eagerly and in WebAssembly; what must be refused.

import { compile } from '@tsjit/compiler'
import { describe, expect, test } from 'vitest'
import { checkProgram } from '../language/run-program.ts'
import { later, programs } from './programs.ts'
import { laterRefused, refused } from './refused.ts'

describe('programs that compile', () => {
  test.each(programs.map((program) => [program.name, program] as const))('%s', (_, program) => checkProgram(program))
})

describe('programs that are refused', () => {
  test.each(refused.map((each) => [each.title, each] as const))('%s', async (_, { text, code, place, says }) => {
    const source = text.startsWith('import') ? text : inForward(text)
    const { diagnostics } = await compile({ file: '/m.tsjit', text: source, target: 'wasm', host: nothingElse })
    expect(diagnostics.map((diagnostic) => diagnostic.code)).toEqual([code])
    const [{ span, message, help, related } = fail()] = diagnostics
    expect(source.slice(span.start, span.end)).toBe(place)
    expect([message, help, ...related.map((other) => other.message)].join('\n')).toContain(says)
  })
})

test('the whole list is here', () => {
  const numbers = (names: readonly string[]): Set<string> =>
    new Set(names.flatMap((name) => /^[CR]\d\d/.exec(name) ?? []))
  expect(numbers([...programs.map(({ name }) => name), ...later.map(([name]) => name)]).size).toBe(20)
  expect(numbers([...refused.map(({ title }) => title), ...laterRefused.map(([name]) => name)]).size).toBe(20)
})

const nothingElse = { resolve: () => undefined, read: () => undefined }

function inForward(body: string): string {
  return `import { type Tensor, concat, cond, conv2d, dim, exp, f32, model, relu, softmax, stack, sum, tj, whileLoop, zeros } from '@tsjit/dsl'
const N = dim('N', { max: 64 })
export const m = model({ inputs: { x: f32(N) }, forward({ x }) { ${body} } })
`
}

function fail(): never {
  throw new Error('there is no diagnostic')
}
