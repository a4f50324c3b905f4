// pool: spare buffers of a device, so that steady work creates none
const MOST_SPARE = 32

/** Buffers to lend, by size and use. */
export interface Pool {
  /** Returns a buffer of at least so many bytes. */
  take(bytes: number, usage: number): GPUBuffer
  /** Takes a buffer back; nobody may use it from here on but work that is already submitted. */
  give(buffer: GPUBuffer): void
  /** Destroys what is spare. */
  clear(): void
}

/** Returns an empty pool. */
export function createPool(device: GPUDevice): Pool {
  const spare: GPUBuffer[] = []
  return {
    take(bytes, usage) {
      // Rounded up, by an eighth at most or to 256, so that similar sizes share.
      const unit = 2 ** Math.max(8, Math.ceil(Math.log2(bytes)) - 3)
      const size = Math.ceil((bytes || 1) / unit) * unit
      const found = spare.findLastIndex((buffer) => buffer.size === size && buffer.usage === usage)
      return found < 0 ? device.createBuffer({ size, usage }) : (spare.splice(found, 1)[0] as GPUBuffer)
    },
    give(buffer) {
      spare.push(buffer)
      if (spare.length > MOST_SPARE) spare.shift()?.destroy()
    },
    clear() {
      for (const buffer of spare.splice(0)) buffer.destroy()
    },
  }
}
