// repeat: runs of programs with loops that only a test ends
//
// Some turns of such a loop are a span of steps. A run submits all steps with each span once, and reads the flags that the
// spans leave; as long as one says that there are more turns, it goes on from there, and what came after runs again. A file of its own: most programs
// have no such loops.
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
  const spans = spansOf(marks)
  const staging = pool.take(spans.length * ELEMENT_BYTES, STAGING)
  const submit = (from: number, own: GPUCommandEncoder): readonly HostTensor[] => {
    let next = spans[from]?.first ?? 0
    if (from === 0) encode(own, steps.slice(0, next))
    for (const [index, { last, flag }] of spans.entries()) {
      if (index < from) continue
      encode(own, steps.slice(next, last))
      own.copyBufferToBuffer(flag.buffer, flag.offset ?? 0, staging, index * ELEMENT_BYTES, ELEMENT_BYTES)
      next = last
    }
    encode(own, steps.slice(next))
    return finish(own)
  }
  let results = submit(0, encoder)
  for (;;) {
    const unfinished = (await readFlags(staging, spans.length, () => lost(gpu))).findIndex((flag) => flag !== 0)
    if (unfinished < 0) break
    for (const result of results) result.dispose()
    results = submit(unfinished, device.createCommandEncoder())
  }
  pool.give(staging)
  return results
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

async function readFlags(staging: GPUBuffer, count: number, lost: () => Error): Promise<readonly number[]> {
  try {
    await staging.mapAsync(1, 0, count * ELEMENT_BYTES)
  } catch {
    throw lost()
  }
  const flags = [...new Int32Array(staging.getMappedRange(0, count * ELEMENT_BYTES))]
  staging.unmap()
  return flags
}
