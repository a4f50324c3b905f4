// What cannot be exported to C is refused where it stands.
import { expect, test } from 'vitest'
import { compile } from '../src/compile.ts'
import { createHost } from './support/lower-text.ts'

test('a function of the app has nothing to run it: target_unsupported', async () => {
  const text = `import { f32, host, model, relu } from '@tsjit/dsl'

export const m = model({
  inputs: { x: f32(2) },
  forward: ({ x }) => relu(host((v) => v.data, f32(2))(x)),
})
`
  const file = '/m.tsjit'
  for (const device of ['cpu', 'cuda'] as const) {
    const { diagnostics, files } = await compile({ file, text, host: createHost(), target: 'c', device })
    const [error, ...others] = diagnostics.filter(({ severity }) => severity === 'error')
    expect(others).toEqual([])
    expect(error?.code).toBe('target_unsupported')
    expect(text.slice(error?.span.start, error?.span.end)).toContain('host(')
    expect(files).toEqual([])
  }
})
