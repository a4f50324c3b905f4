// repeat: runs of programs with loops that only a test ends
//
// Some turns of such a loop are a span of steps. A run submits all steps with each span once, and reads the flags that the
// spans leave; as long as one says that there are more turns, it goes on from there, and what came after runs again. A file of its own: most programs
// have no such loops.
import type { HostTensor } from '@tsjit/host'
import { ELEMENT_BYTES } from './elements.ts'
import { COPY_DST, MAP_READ } from './flags.ts'
import { deviceLost, type Gpu } from './gpu.ts'
import { encodeSteps, type Mark, type Step } from './prepare.ts'

interface Span {
  readonly first: number
  readonly last: number
  readonly flag: GPUBufferBinding
}

/**
 * Encodes and submits the steps until every loop has ended; what `encoder` holds comes first. `finish` adds what takes the
 * results out, and submits.
 */
export async function runRepeats(
  gpu: Gpu,
  { steps, marks }: { readonly steps: readonly Step[]; readonly marks: readonly Mark[] },
  encoder: GPUCommandEncoder,
  finish: (encoder: GPUCommandEncoder) => readonly HostTensor[],
): Promise<readonly HostTensor[]> {
  const { device, pool } = gpu
  const spans = spansOf(marks)
  const staging = pool.take(spans.length * ELEMENT_BYTES, MAP_READ | COPY_DST)
  const submit = (from: number, own: GPUCommandEncoder): readonly HostTensor[] => {
    let next = spans[from]?.first ?? 0
    if (from === 0) encodeSteps(own, steps.slice(0, next))
    for (const [index, { last, flag }] of spans.entries()) {
      if (index < from) continue
      encodeSteps(own, steps.slice(next, last))
      own.copyBufferToBuffer(flag.buffer, flag.offset ?? 0, staging, index * ELEMENT_BYTES, ELEMENT_BYTES)
      next = last
    }
    encodeSteps(own, steps.slice(next))
    return finish(own)
  }
  let results = submit(0, encoder)
  for (;;) {
    const unfinished = (await readFlags(gpu, staging, spans.length)).findIndex((flag) => flag !== 0)
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

async function readFlags(gpu: Gpu, staging: GPUBuffer, count: number): Promise<readonly number[]> {
  try {
    await staging.mapAsync(1, 0, count * ELEMENT_BYTES)
  } catch {
    throw deviceLost(gpu)
  }
  const flags = [...new Int32Array(staging.getMappedRange(0, count * ELEMENT_BYTES))]
  staging.unmap()
  return flags
}
