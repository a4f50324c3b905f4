// place: sizes and lifetimes -> offsets in one arena
//
// Each in the order given at the lowest free offset; the build has searched for a good order with this same code. Runs
// when a program meets new sizes, never per call.

/** The alignment of every offset: WebGPU's minStorageBufferOffsetAlignment. */
const ALIGNMENT = 256

/**
 * Returns `[offset0, size0, offset1, size1, …, total]` in bytes for buffers `[bytes0, first0, last0, bytes1, …]` that
 * are alive from launch first to launch last. No two that are alive together overlap.
 */
export function place(buffers: readonly number[]): number[] {
  // By offset: where each begins, where the next may begin, and the first and last launch that uses it.
  const placed: (readonly [at: number, end: number, first: number, last: number])[] = []
  const layout: number[] = []
  let total = 0
  for (let i = 0; i < buffers.length; i += 3) {
    const [bytes = 0, first = 0, last = 0] = buffers.slice(i)
    const size = Math.max(4, bytes)
    let at = 0
    for (const [from, to, start, end] of placed) {
      if (start <= last && first <= end && from < at + size) at = Math.max(at, to)
    }
    placed.push([at, Math.ceil((at + size) / ALIGNMENT) * ALIGNMENT, first, last])
    placed.sort(([a], [b]) => a - b)
    layout.push(at, size)
    total = Math.max(total, at + size)
  }
  return [...layout, total]
}
