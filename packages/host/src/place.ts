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
  const count = buffers.length / 3
  const bytes = (i: number): number => Math.max(4, buffers[3 * i] ?? 0)
  const meets = (a: number, b: number): boolean =>
    (buffers[3 * a + 1] ?? 0) <= (buffers[3 * b + 2] ?? 0) && (buffers[3 * b + 1] ?? 0) <= (buffers[3 * a + 2] ?? 0)
  const offsets = new Map<number, number>()
  let total = 0
  for (let i = 0; i < count; i++) {
    const taken = [...offsets].filter(([j]) => meets(i, j)).sort((a, b) => a[1] - b[1])
    let at = 0
    for (const [j, offset] of taken) {
      if (at + bytes(i) <= offset) break
      at = Math.max(at, Math.ceil((offset + bytes(j)) / ALIGNMENT) * ALIGNMENT)
    }
    offsets.set(i, at)
    total = Math.max(total, at + bytes(i))
  }
  return [...Array.from({ length: count }, (_, i) => [offsets.get(i) ?? 0, bytes(i)]).flat(), total]
}
