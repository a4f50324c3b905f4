// Modules: what imports bind, and what is evaluated where.
import { expect, test } from 'vitest'
import { lowerText } from '../../tests/support/lower-text.ts'

test('modules, JSON and re-exports', async () => {
  const { messages, module, text } = await lowerText(
    `import { f32, model } from '@tsjit/dsl'
import * as nn from '@tsjit/nn'
import { scale, type Config, Other, twice as double } from './lib/scale.tsjit'
import config, { size } from './config.json'
import * as all from './lib/scale'
import start from './start.tsjit'
export { scale } from './lib/scale.tsjit'
export * from './start.tsjit'
export const value = [scale, config.name, size, all.twice(4), start]
export const m = model({
  inputs: { x: f32(size) },
  layers: { a: nn.linear(3, 3) },
  forward: ({ x }, { a }) => double(a(x)),
})`,
    {},
    {
      '/app/lib/scale.tsjit': `import { mul } from '@tsjit/dsl'
import { base } from '../base'
export interface Config { a: number }
export type Other = number
export const scale = base * 2
export function twice(x) { return typeof x === 'number' ? x * 2 : mul(x, 2) }`,
      '/app/base.tsjit': 'export const base = 21',
      '/app/config.json': '{ "name": "net", "size": 3 }',
      '/app/start.tsjit': 'export const extra = 1\nexport default 5',
    },
  )
  expect(messages).toEqual([])
  expect(module?.data.get('value')).toEqual([42, 'net', 3, 8, 5])
  expect([...(module?.data.keys() ?? [])]).toEqual(['scale', 'extra', 'value'])
  expect(text).toContain('mul')
})

test('a mistake in another module is reported there', async () => {
  const { messages } = await lowerText(
    `import { f32, model } from '@tsjit/dsl'
import { broken, missing } from './other.tsjit'
export const m = model({ inputs: { x: f32(2) }, forward: ({ x }) => broken(x) })`,
    {},
    { '/app/other.tsjit': "import { add, zeros } from '@tsjit/dsl'\nexport const broken = (x) => add(x, zeros([5]))" },
  )
  expect(messages).toEqual([
    '2:18 source_unknown_export: `./other.tsjit` has no export `missing`',
    '2:30 shape_mismatch: `add` cannot combine f32[2] and f32[5]',
  ])
})

test('what modules compute on tensors is part of the models that use it', async () => {
  const { messages, module, text } = await lowerText(`import { arange, f32, model, mul } from '@tsjit/dsl'
const table = mul(arange(4), 2)
export const a = model({ inputs: { x: f32(4) }, forward: ({ x }) => x.mul(table) })
export const b = model({ inputs: { x: f32(4) }, forward: ({ x }) => x.mul(2) })`)
  expect(messages).toEqual([])
  expect(module?.graphs.map(({ ops }) => ops.some(({ kind }) => kind === 'iota'))).toEqual([true, false])
  expect(text).toContain('iota 4')
})

test('two models of one module share layers and nothing else', async () => {
  const { messages, module } = await lowerText(`import { f32, model } from '@tsjit/dsl'
import { linear } from '@tsjit/nn'
const shared = linear(4, 4)
const forward = ({ x }, { net }) => net(x)
export const a = model({ inputs: { x: f32(2, 4) }, layers: { net: shared }, forward })
export const b = model({ inputs: { x: f32(3, 4) }, layers: { net: shared }, forward })`)
  expect(messages).toEqual([])
  expect(module?.graphs.map(({ weights }) => weights.map(({ path }) => path))).toEqual([
    ['net.weight', 'net.bias'],
    ['net.weight', 'net.bias'],
  ])
})

test('a closure of the module cannot keep state between models', async () => {
  const { messages } = await lowerText(`import { f32, model } from '@tsjit/dsl'
const counter = (() => { let n = 0; return () => { n += 1; return n } })()
export const a = model({ inputs: { x: f32(2) }, forward: ({ x }) => x.mul(counter()) })`)
  expect(messages).toEqual(['2:52 source_mutates_outer: this changes `n`, which is declared outside this function'])
})
