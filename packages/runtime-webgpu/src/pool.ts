// pool: spare buffers of a device, so that steady work creates none
const SPARE_PER_KIND = 8
const MEBIBYTE = 2 ** 20

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
  const spare = new Map<string, GPUBuffer[]>()
  return {
    take(bytes, usage) {
      const size =
        bytes < MEBIBYTE ? 2 ** Math.ceil(Math.log2(Math.max(256, bytes))) : Math.ceil(bytes / MEBIBYTE) * MEBIBYTE
      return spare.get(`${size} ${usage}`)?.pop() ?? device.createBuffer({ size, usage })
    },
    give(buffer) {
      const kind = `${buffer.size} ${buffer.usage}`
      const list = spare.get(kind) ?? []
      spare.set(kind, list)
      if (list.length < SPARE_PER_KIND) list.push(buffer)
      else buffer.destroy()
    },
    clear() {
      for (const buffer of [...spare.values()].flat()) buffer.destroy()
      spare.clear()
    },
  }
}
