// The examples of docs/control-flow.md compile and run as they are.

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { checkProgram } from '../language/run-program.ts'

const guide = readFileSync(new URL('../../docs/control-flow.md', import.meta.url), 'utf8')
const examples = [...guide.matchAll(/^```ts\n([^]*?)^```/gm)].flatMap(([, text]) => text ?? [])

test('the guide has examples', () => expect(examples.length).toBeGreaterThan(0))

test.each(examples)('%s', (text) =>
  checkProgram({
    name: 'guide',
    inputs: { x: 'f32(8)' },
    ranges: { x: [0.5, 9] },
    module: text.replace(/export const \w+/, 'export const m'),
  }),
)
