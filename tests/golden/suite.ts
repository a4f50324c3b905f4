// suite: all cases, and what dropout by chance has to give, wherever they run

import { fileURLToPath } from 'node:url'
import type { Definition, HostTensor, LoadOptions } from '@tsjit/host'
import { describe, expect, test } from 'vitest'
import type { CodegenTarget } from '@tsjit/compiler'
import { cases } from './cases.ts'
import { checkCase } from './check-case.ts'
import { listMutation, writeListMutation } from './list-mutation.ts'

/** How a target gets at the models of a file. */
export interface Host {
  readonly load: (file: string) => Promise<Readonly<Record<string, Definition>>>
  readonly options?: () => LoadOptions
  readonly target: 'eager' | CodegenTarget
}

/** Declares the tests of all cases. */
export function describeGolden({ load: loadFile, options = () => ({}), target }: Host): void {
  const loaded = new Map<string, ReturnType<Host['load']>>()
  const load = (file: string): ReturnType<Host['load']> => {
    const models = loaded.get(file) ?? loadFile(fileURLToPath(new URL(file, import.meta.url)))
    loaded.set(file, models)
    return models
  }

  // a convolution by hand takes the compiler of a software GPU long
  const timeout = 300_000

  describe('reference values', () => {
    test.each(cases.map((each) => [each.id, each] as const))(
      '%s',
      async (_, each) => {
        await checkCase(each, await load(each.file), options())
      },
      timeout,
    )

    test('list_mutation_0', async () => {
      const file = await writeListMutation(target)
      if (target === 'eager') await checkCase(listMutation, await loadFile(file), options())
      else await expect(loadFile(file)).rejects.toThrow('source_mutates_iterated')
    })
  })

  describe('dropout by chance', () => {
    const count = 10_000
    const x = Float32Array.from({ length: count }, (_, i) => 1 + (i % 7))
    const rates = { none: 0, few: 0.1, half: 0.5, most: 0.9, all: 1 }

    test('leaves out as many as it says, and scales the others', async () => {
      const { random } = await load('programs/dropout.tsjit')
      const net = await random!.load({ ...options(), mode: 'train' })
      const draw = async (seed?: number): Promise<Readonly<Record<string, HostTensor>>> =>
        (await net.run({ x }, seed === undefined ? {} : { seed })) as Readonly<Record<string, HostTensor>>
      const first = await draw()
      for (const [name, rate] of Object.entries(rates)) {
        const data = await first[name]!.data()
        const kept = data.filter((value) => value !== 0).length / count
        expect(Math.abs(kept - (1 - rate)), name).toBeLessThanOrEqual(5 * Math.sqrt((rate * (1 - rate)) / count))
        const scaled = x.map((value) => value / (1 - rate))
        expect(data.every((value, i) => value === 0 || Math.abs(value - scaled[i]!) <= 1e-6 * scaled[i]!)).toBe(true)
      }
      expect(await (await draw())['half']!.data()).not.toEqual(await first['half']!.data())
      expect(await (await draw(7))['half']!.data()).toEqual(await (await draw(7))['half']!.data())
      net.dispose()
    })

    test('is not there at evaluation', async () => {
      const { random } = await load('programs/dropout.tsjit')
      const net = await random!.load(options())
      for (const value of Object.values(await net.run({ x }))) expect(await (value as HostTensor).data()).toEqual(x)
      net.dispose()
    })
  })
}
