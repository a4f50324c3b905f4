// special-run: runs of programs with loops that only a test ends, or with state
//
// Some turns of such a loop are a span of steps. A run submits the steps up to the end of a span, reads the flag that it
// leaves, and submits the span again as long as that says that there are more turns. What follows waits: it may write
// over what the span still needs. New values of weights are taken over at the end. Only the
// modules of such programs name it.
import type { HiddenData, HostTensor } from '@tsjit/host'
import type { deviceLost, Gpu } from './gpu.ts'
import type { encodeSteps, Mark, Prepared } from './prepare.ts'
import type { OutputSlot } from './tensor.ts'

/** What every page has, handed over so that this file needs nothing of it; and what takes the results out, and submits. */
export type Tools = readonly [
  encode: typeof encodeSteps,
  lost: typeof deviceLost,
  finish: (encoder: GPUCommandEncoder) => readonly HostTensor[],
  weights: readonly GPUBuffer[],
  hidden: HiddenData | undefined,
]

/** Of a flag. */
const ELEMENT_BYTES = 4
/** For the host to read: MAP_READ and COPY_DST. */
const STAGING = 9

interface Span {
  readonly first: number
  readonly last: number
  readonly flag: GPUBufferBinding
}

/** Encodes and submits the steps until every loop has ended; what `encoder` holds comes first. */
export async function specialRun(
  gpu: Gpu,
  { steps, marks, outputs }: Prepared,
  encoder: GPUCommandEncoder,
  [encode, lost, finish, weights, hidden]: Tools,
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
  const { updates = [] } = hidden ?? {}
  for (const [i, index] of updates.entries()) {
    const weight = weights[index] as GPUBuffer
    const { buffer } = outputs[outputs.length - updates.length + i] as OutputSlot
    own.copyBufferToBuffer(buffer, 0, weight, 0, weight.size)
  }
  return finish(own)
}

function spansOf(marks: readonly Mark[]): readonly Span[] {
  const spans: Span[] = []
  let open: Omit<Span, 'last'> | undefined
  for (const [at, flag] of marks) {
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
