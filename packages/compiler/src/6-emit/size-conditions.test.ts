// What sizes must fulfil at a call, and how the program says so

import { dims } from '@tsjit/dsl/compiler'
import { expect, test } from 'vitest'
import { lowerText } from '../../tests/support/lower-text.ts'
import { sizeConditions } from './size-conditions.ts'

test.each([
  ['= x', []],
  ['= conv1d(x, w)', ['shape_window T-3']],
  ['= conv1d(x, w, { padding: 1 })', []],
  ['= maxPool1d(x, 2)', ['shape_window T-2']],
  ['= tj`${x}[:, :, 2]`', ['shape_index_out_of_range T-3']],
  ['= tj`${x}[0, :, -1]`', []],
  ['= tj`${x}[:, :, 3:9:2]`', []],
  ['= zeros([x.shape[2] - 2])', ['shape_negative T-2']],
  ['= x.reshape([-1]).add(1)', []],
])('%s', async (body, wanted) => {
  const text = `import { add, conv1d, dim, f32, maxPool1d, model, tj, zeros } from '@tsjit/dsl'
const B = dim('B', { max: 9 })
const T = dim('T', { max: 9 })
export const m = model({ inputs: { x: f32(B, 2, T), w: f32(1, 2, 3) }, forward: ({ x, w }) => ${body.slice(2)} })`
  const { module, messages } = await lowerText(text)
  expect(messages.filter((message) => message.includes('error'))).toEqual([])
  const found = (module?.graphs ?? []).flatMap(sizeConditions)
  expect(found.map(({ code, rest }) => `${code} ${dims.printDim(rest).replaceAll(' ', '')}`)).toEqual(wanted)
})
