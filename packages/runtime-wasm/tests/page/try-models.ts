// try-models: large models with all ways to load them, in whatever thread imports this

import type { HostTensor, LoadOptions } from '@tsjit/host'
import { mlp, waves } from '../models/large.tsjit'

/** How a model is loaded. */
export type Way = Pick<LoadOptions, 'threads' | 'worker'>

/** What came of a model that was loaded in one way. */
export interface Finding {
  readonly threads: number | undefined
  /** A number for all bits of all results. */
  readonly bits: number
  /** Timers that fired while a run was under way. */
  readonly ticks: number
}

/** Runs models and returns what came of them, for each way to load them. */
export async function tryModels(ways: readonly Way[]): Promise<readonly Finding[]> {
  const found: Finding[] = []
  for (const way of ways) {
    const net = await mlp.load({ weights: { seed: 1 }, target: 'wasm', ...way })
    const wave = await waves.load({ target: 'wasm', ...way })
    let bits = 0
    for (const rows of [300, 1, 2000]) {
      const outputs = await net.run({ x: { data: numbers(rows * 100), shape: [rows, 100] } })
      for (const output of Object.values(outputs) as readonly HostTensor[]) bits = hash(bits, await output.data())
    }
    for (const output of Object.values(await wave.run({ x: numbers(300_001) })) as readonly HostTensor[]) {
      bits = hash(bits, await output.data())
    }
    let ticks = 0
    const timer = setInterval(() => ticks++, 1)
    for (let i = 0; i < 3; i++) await net.run({ x: { data: numbers(400_000), shape: [4000, 100] } })
    clearInterval(timer)
    found.push({ threads: net.info.threads, bits, ticks })
    net.dispose()
    wave.dispose()
  }
  return found
}

function numbers(length: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => Math.sin(i * 12.9898) * 3)
}

function hash(start: number, data: ArrayBufferView): number {
  const words = new Int32Array(data.buffer, data.byteOffset, data.byteLength / 4)
  return words.reduce((sum, word) => (Math.imul(sum, 31) + word) | 0, start)
}
