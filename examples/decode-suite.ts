// decode-suite: what the decoding loop of the adder has to give, wherever it runs

import type { Definition, HostTensor, LoadOptions } from '@tsjit/host'
import { expect, test } from 'vitest'
import { exampleFile, readCases } from './cases.ts'

/** Declares the test of `adder/decode.tsjit`: every prompt is completed as PyTorch completes it, token by token. */
export function describeDecoding(
  importModule: (file: string) => Promise<Readonly<Record<string, Definition>>>,
  options: LoadOptions = {},
): void {
  test('adder: every prompt is completed in one loop on the device', async () => {
    const { decode } = await importModule(exampleFile('adder', 'decode.tsjit'))
    if (decode === undefined) throw new Error('decode.tsjit exports no decode')
    const instance = await decode.load({ weights: exampleFile('adder', 'weights.safetensors'), ...options })
    const cases = readCases('adder')
    const outputs = (await instance.run({ prompt: cases('prompt') })) as Readonly<Record<string, HostTensor>>
    const { tokens, length } = outputs
    expect([...((await length?.data()) ?? [])]).toEqual([12])
    const rows = [...((await tokens?.data()) ?? [])]
    const completed = Array.from({ length: 12 }, (_, i) => rows.slice(i * 12 + 8, i * 12 + 12)).flat()
    // the newline, the fifth token, has no place left
    expect(completed).toEqual([...cases('completion').data].filter((_, i) => i % 5 < 4))
    instance.dispose()
  })
}
