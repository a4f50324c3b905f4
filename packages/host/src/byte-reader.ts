// byte-reader: a stream of chunks -> exact counts of bytes

/** Reads exact counts of bytes. */
export interface ByteReader {
  /** Returns the next `count` bytes; fewer where the stream ends. */
  take(count: number): Promise<Uint8Array>
  /** Drops the next `count` bytes and returns how many there were. */
  skip(count: number): Promise<number>
}

/** Returns a reader over `next`, which returns undefined at the end; `tell` hears of every piece taken or skipped. */
export function createReader(next: () => Promise<Uint8Array | undefined>, tell: (bytes: number) => void): ByteReader {
  let rest: Uint8Array = new Uint8Array()
  const skip = async (count: number, give?: (piece: Uint8Array, at: number) => void): Promise<number> => {
    let at = 0
    while (at < count) {
      const chunk = rest.length ? rest : await next()
      if (!chunk) break
      const piece = chunk.subarray(0, count - at)
      rest = chunk.subarray(piece.length)
      give?.(piece, at)
      tell(piece.length)
      at += piece.length
    }
    return at
  }
  return {
    skip,
    async take(count) {
      const whole = new Uint8Array(count)
      return whole.subarray(0, await skip(count, (piece, at) => whole.set(piece, at)))
    },
  }
}
