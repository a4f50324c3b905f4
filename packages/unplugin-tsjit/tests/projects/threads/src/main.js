import { wide } from './wide.tsjit'

const x = { shape: [500, 120], data: Float32Array.from({ length: 60_000 }, (_, i) => Math.sin(i)) }
const found = []
for (const way of [{ threads: 1 }, { threads: 2 }, { threads: 2, worker: true }]) {
  const net = await wide.load({ weights: { seed: 1 }, ...way })
  const { output } = await net.run({ x })
  const sum = (await output.data()).reduce((total, value) => total + value, 0)
  found.push([net.info.target, net.info.threads, sum])
  net.dispose()
}
globalThis.found = found
