// suite: what the four models have to give, wherever they run

import { describe, expect, test } from 'vitest'
import { type RunExample, argmax, compareArrays, readCases } from './cases.ts'

/** Declares the tests of all examples: every case against PyTorch's results in float64. */
export function describeExamples(load: (name: string) => Promise<RunExample>): void {
  describe('digits', () => {
    test('gives the logits and the labels of all cases', async () => {
      const cases = readCases('digits')
      const net = await load('digits')
      const { shape, data: logits } = await net({ input: cases('input') }, 'output')
      expect(shape).toEqual([20, 10])
      const { difference, largest } = compareArrays(logits, cases('output').data)
      expect(difference / largest).toBeLessThanOrEqual(2e-5)
      const labels = Array.from({ length: 20 }, (_, i) => argmax(logits, i * 10, 10))
      expect(labels).toEqual([...cases('label').data])
    })
  })

  describe('adder', () => {
    test('gives the logits of all positions', async () => {
      const cases = readCases('adder')
      const net = await load('adder')
      const { shape, data } = await net({ tokens: cases('tokens') }, 'logits')
      expect(shape).toEqual([12, 12, 13])
      const { difference, largest } = compareArrays(data, cases('logits').data)
      expect(difference / largest).toBeLessThanOrEqual(2e-5)
    })

    test('completes every prompt greedily', async () => {
      const cases = readCases('adder')
      const net = await load('adder')
      let rows = Array.from({ length: 12 }, (_, i) => [...cases('prompt').data.subarray(i * 8, i * 8 + 8)])
      for (let step = 0; step < 5; step++) {
        const tokens = { shape: [12, 8 + step], data: Int32Array.from(rows.flat()) }
        const { data } = await net({ tokens }, 'logits')
        const length = rows[0]?.length ?? 0
        rows = rows.map((row, i) => [...row, argmax(data, (i * length + length - 1) * 13, 13)])
      }
      expect(rows.flatMap((row) => row.slice(8))).toEqual([...cases('completion').data])
    })
  })

  describe('wave', () => {
    test('gives the forecasts of all cases', async () => {
      const cases = readCases('wave')
      const net = await load('wave')
      const { data } = await net({ input: cases('input') }, 'output')
      const { difference, largest } = compareArrays(data, cases('output').data)
      expect(difference / largest).toBeLessThanOrEqual(1e-5)
    })
  })

  describe('spade', () => {
    test('gives the features of all cases', async () => {
      const cases = readCases('spade')
      const net = await load('spade')
      const { data } = await net({ input: cases('input'), seg: cases('seg') }, 'output')
      const { difference, largest } = compareArrays(data, cases('output').data)
      expect(difference / largest).toBeLessThanOrEqual(1e-5)
    })
  })
}
