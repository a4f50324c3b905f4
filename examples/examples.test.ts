// The four models with trained weights, eagerly on the CPU: every case against PyTorch's results in float64.

import { describe, expect, test } from 'vitest'
import { argmax, compareArrays, loadExample, readCases } from './cases.ts'

describe('digits', () => {
  test('gives the logits and the labels of all cases', async () => {
    const cases = readCases('digits')
    const net = await loadExample('digits')
    const output = await net.run({ input: cases('input') }, 'output')
    const logits = await output.data()
    expect(output.shape).toEqual([20, 10])
    const { difference, largest } = compareArrays(logits, cases('output').data)
    expect(difference / largest).toBeLessThanOrEqual(2e-5)
    const labels = Array.from({ length: 20 }, (_, i) => argmax(logits, i * 10, 10))
    expect(labels).toEqual([...cases('label').data])
  })
})

describe('adder', () => {
  test('gives the logits of all positions', async () => {
    const cases = readCases('adder')
    const net = await loadExample('adder')
    const logits = await net.run({ tokens: cases('tokens') }, 'logits')
    expect(logits.shape).toEqual([12, 12, 13])
    const { difference, largest } = compareArrays(await logits.data(), cases('logits').data)
    expect(difference / largest).toBeLessThanOrEqual(2e-5)
  })

  test('completes every prompt greedily', async () => {
    const cases = readCases('adder')
    const net = await loadExample('adder')
    let rows = Array.from({ length: 12 }, (_, i) => [...cases('prompt').data.subarray(i * 8, i * 8 + 8)])
    for (let step = 0; step < 5; step++) {
      const logits = await net.run({ tokens: rows }, 'logits')
      const data = await logits.data()
      const length = rows[0]?.length ?? 0
      rows = rows.map((row, i) => [...row, argmax(data, (i * length + length - 1) * 13, 13)])
    }
    expect(rows.flatMap((row) => row.slice(8))).toEqual([...cases('completion').data])
  })
})

describe('wave', () => {
  test('gives the forecasts of all cases', async () => {
    const cases = readCases('wave')
    const net = await loadExample('wave')
    const output = await net.run({ input: cases('input') }, 'output')
    const { difference, largest } = compareArrays(await output.data(), cases('output').data)
    expect(difference / largest).toBeLessThanOrEqual(1e-5)
  })
})

describe('spade', () => {
  test('gives the features of all cases', async () => {
    const cases = readCases('spade')
    const net = await loadExample('spade')
    const output = await net.run({ input: cases('input'), seg: cases('seg') }, 'output')
    const { difference, largest } = compareArrays(await output.data(), cases('output').data)
    expect(difference / largest).toBeLessThanOrEqual(1e-5)
  })
})
