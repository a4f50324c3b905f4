// share-memory: a module -> the same module on memory that threads share
//
// The two differ in one place: what the module says of the memory that it imports.

/** Pages of 64 KiB that a module on shared memory takes at most: what 32 bits address. */
const MOST_PAGES = 65_536
/** Room under which a program does better alone. */
const LEAST_PAGES = 4096

/** Kinds of imports and ids of sections, as the binary format numbers them. */
const FUNCTION = 0
const MEMORY = 2
const IMPORTS = 2
const PREAMBLE = 8

/** Returns a module whose imported memory is shared. */
export function withSharedMemory(bytes: Uint8Array): Uint8Array {
  for (let at = PREAMBLE; at < bytes.length;) {
    const [size, start] = readNumber(bytes, at + 1)
    const end = start + size
    if (bytes[at] === IMPORTS) {
      const content = shareImport(bytes, start, end)
      return joined(bytes.subarray(0, at + 1), numberBytes(content.length), content, bytes.subarray(end))
    }
    at = end
  }
  return bytes // it has no memory
}

/** Returns the imports between two places, with limits of shared memory. */
function shareImport(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const [count, first] = readNumber(bytes, start)
  let at = first
  for (let i = 0; i < count; i++) {
    for (let name = 0; name < 2; name++) {
      const [length, next] = readNumber(bytes, at)
      at = next + length
    }
    const kind = bytes[at++]
    const [, after] = readNumber(bytes, at)
    if (kind === MEMORY) {
      // flags (here 0: no maximum), minimum -> flags (a maximum; shared), minimum, maximum
      const [, behind] = readNumber(bytes, after)
      return joined(
        bytes.subarray(start, at),
        [3],
        bytes.subarray(after, behind),
        numberBytes(MOST_PAGES),
        bytes.subarray(behind, end),
      )
    }
    if (kind !== FUNCTION) throw new Error('internal: a module imports functions and its memory')
    at = after
  }
  return bytes.subarray(start, end)
}

/** Returns memory that threads share, with as much room to grow as the engine gives, or undefined where it has none. */
export function createSharedMemory(): WebAssembly.Memory | undefined {
  for (let maximum = MOST_PAGES; maximum >= LEAST_PAGES; maximum = Math.floor(maximum / 2)) {
    try {
      return new WebAssembly.Memory({ initial: 1, maximum, shared: true })
    } catch {
      // Engines reserve the addresses: less may be had.
    }
  }
  return undefined
}

/** Reads a number in LEB128; returns it, and where it ends. */
function readNumber(bytes: Uint8Array, start: number): readonly [value: number, end: number] {
  let value = 0
  for (let at = start, scale = 1; ; at++, scale *= 128) {
    const byte = bytes[at] ?? 0
    value += (byte & 127) * scale
    if (byte < 128) return [value, at + 1]
  }
}

function numberBytes(value: number): readonly number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...numberBytes(value >>> 7)]
}

function joined(...parts: readonly ArrayLike<number>[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
