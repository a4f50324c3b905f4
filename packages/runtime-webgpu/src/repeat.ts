// repeat: runs of programs with loops that only a test ends
//
// Some turns of such a loop are a span of steps. A run submits the steps up to the end of a span, reads the flag that it
// leaves, and submits the span again as long as that says that there are more turns. What follows waits: it may write
// over what the span still needs. A file of its own: most programs have no such loops.
import type { HostTensor } from '@tsjit/host'
import type { deviceLost, Gpu } from './gpu.ts'
import type { encodeSteps, Mark, Step } from './prepare.ts'

/** What every page has, handed over so that this file needs nothing of it; and what takes the results out, and submits. */
export interface Tools {
  readonly encodeSteps: typeof encodeSteps
  readonly deviceLost: typeof deviceLost
  readonly finish: (encoder: GPUCommandEncoder) => readonly HostTensor[]
}

/** Of a flag. */
const ELEMENT_BYTES = 4
/** For the host to read: MAP_READ and COPY_DST. */
const STAGING = 9

interface Span {
  readonly first: number
  readonly last: number
  readonly flag: GPUBufferBinding
}

/**
 * Encodes and submits the steps until every loop has ended; what `encoder` holds comes first.
 */
export async function runRepeats(
  gpu: Gpu,
  { steps, marks }: { readonly steps: readonly Step[]; readonly marks: readonly Mark[] },
  encoder: GPUCommandEncoder,
  { encodeSteps: encode, deviceLost: lost, finish }: Tools,
): Promise<readonly HostTensor[]> {
  const { device, pool } = gpu
  const staging = pool.take(ELEMENT_BYTES, STAGING)
  let own = encoder
  let next = 0
  for (const { first, last, flag } of spansOf(marks)) {
    encode(own, steps.slice(next, first))
    do {
      encode(own, steps.slice(first, last))
      own.copyBufferToBuffer(flag.buffer, flag.offset ?? 0, staging, 0, ELEMENT_BYTES)
      device.queue.submit([own.finish()])
      own = device.createCommandEncoder()
    } while (await isSet(staging, () => lost(gpu)))
    next = last
  }
  encode(own, steps.slice(next))
  pool.give(staging)
  return finish(own)
}

function spansOf(marks: readonly Mark[]): readonly Span[] {
  const spans: Span[] = []
  let open: Omit<Span, 'last'> | undefined
  for (const { at, flag } of marks) {
    if (flag) open = { first: at, flag }
    else if (open) spans.push({ ...open, last: at })
  }
  return spans
}

async function isSet(staging: GPUBuffer, lost: () => Error): Promise<boolean> {
  try {
    await staging.mapAsync(1, 0, ELEMENT_BYTES)
  } catch {
    throw lost()
  }
  const [flag] = new Int32Array(staging.getMappedRange(0, ELEMENT_BYTES))
  staging.unmap()
  return flag !== 0
}
