// did-you-mean: near names only

import { expect, test } from 'vitest'
import { didYouMean } from './did-you-mean.ts'

const names = ['relu', 'softmax', 'layerNorm', 'axis', 'matmul', 'sum', 'mean', 'max', 'min', 'conv2d']

test.each([
  ['rellu', 'relu'],
  ['sotfmax', 'softmax'],
  ['layer_norm', 'layerNorm'],
  ['LayerNorm', 'layerNorm'],
  ['axes', 'axis'],
  ['axsi', 'axis'],
  ['conv2D', 'conv2d'],
  ['mtmul', 'matmul'],
  ['maen', 'mean'],
])('%s -> %s', (written, meant) => {
  expect(didYouMean(written, names)).toBe(meant)
})

test.each(['tensorflow', 'x', 'dot', 'ab', '', 'print'])('nothing is near %j', (written) => {
  expect(didYouMean(written, names)).toBeUndefined()
})

test('the name itself is no proposal, the first of equals wins', () => {
  expect(didYouMean('max', ['max'])).toBeUndefined()
  expect(didYouMean('mox', ['mix', 'max'])).toBe('mix')
  expect(didYouMean('relu', [])).toBeUndefined()
})
