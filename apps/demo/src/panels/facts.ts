// facts: what ran where, and what it took to get here

import type { Instance } from '@tsjit/host'
import { showFact } from '../find.ts'
import { bytes } from '../words.ts'

/** Shows the device, the kernels and the launches of an instance. */
export function showInstance({ info }: Instance): void {
  if (info.target === 'eager') {
    showFact('device', 'CPU')
    showFact('device-note', 'plain TypeScript in this tab')
    showFact('dispatches', 'none')
    showFact('kernels-note', 'one loop per operation')
    return
  }
  if (info.target === 'wasm') {
    showFact('device', 'CPU')
    showFact('device-note', 'WebAssembly, one core')
    showFact('dispatches', 'one call')
    showFact('kernels-note', `${info.kernels} kernels, no GPU`)
    return
  }
  const [vendor = '', ...rest] = info.device.split(' ')
  showFact('device', vendor === '' ? 'WebGPU' : vendor)
  showFact('device-note', rest.join(' ') || 'by WebGPU')
  showFact('dispatches', String(info.dispatches))
  showFact('kernels-note', `${info.kernels} kernels, one submit a run`)
  showFact('kernels', String(info.kernels))
}

/** Shows how much this page has loaded: scripts, and weights apart from them. */
export function showBytes(): void {
  const entries = performance.getEntriesByType('resource').filter((entry) => entry instanceof PerformanceResourceTiming)
  // Compressed as it came, each file once: a cached response has a size, too.
  const sizeOf = (pattern: RegExp): number => {
    const sizes = new Map(entries.map(({ name, encodedBodySize }) => [name, encodedBodySize]))
    return [...sizes].reduce((sum, [name, size]) => (pattern.test(name) ? sum + size : sum), 0)
  }
  const scripts = sizeOf(/\.(?:m?js|ts|tsjit)(?:\?|$)/)
  const weights = sizeOf(/\.safetensors(?:\?|$)/)
  showFact('script-bytes', scripts === 0 ? '–' : bytes(scripts))
  // the development server sends modules as they are written
  const kind = import.meta.env.DEV ? 'unbundled JavaScript' : 'JavaScript'
  showFact('weight-bytes', `of ${kind}, and ${bytes(weights)} of weights`)
}
