import { wide } from './wide.tsjit'

/** What a server renders into a page. */
export async function render(way = {}) {
  const net = await wide.load({ weights: { seed: 1 }, target: 'wasm', ...way })
  const { output } = await net.run({ x: { shape: [500, 120], data: new Float32Array(60_000).fill(0.5) } })
  const [first] = await output.data()
  const { threads } = net.info
  net.dispose()
  return `<p data-threads="${threads}">${first}</p>`
}
