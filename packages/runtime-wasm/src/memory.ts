// memory: the memory of a program
//
// It grows when larger sizes are met, never for a call of sizes that were met before.

const PAGE = 65_536
/** Vectors read up to three elements beyond what they use: nothing lies at the end of the memory. */
export const MARGIN = 256

/** Makes a memory hold so many bytes. Throws a `RangeError` where the engine has no such memory. */
export function hold(memory: WebAssembly.Memory, bytes: number): void {
  const missing = Math.ceil((bytes + MARGIN) / PAGE) - memory.buffer.byteLength / PAGE
  if (missing > 0) memory.grow(missing)
}
