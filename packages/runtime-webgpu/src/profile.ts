// profile: models whose dispatches are timed
//
// A run that is timed goes as any other, and its dispatches are noted. Afterwards they are done again over the same buffers,
// each in a pass of its own between two timestamps, or where the device writes none each in a submission of its own that is
// awaited. Only the modules of builds that can be profiled name this.
import {
  createDefinition,
  type Definition,
  type DefinitionData,
  type Driver,
  kernelNameOf,
  type Laps,
  profiled,
  type WebgpuProgramData,
} from '@tsjit/host'
import { webgpu } from './driver.ts'
import { MAP_READ, COPY_DST, COPY_SRC } from './flags.ts'
import { acquireGpu, FEATURES, type Gpu } from './gpu.ts'
import { encodeSteps, type Step } from './prepare.ts'
import { GpuSession } from './session.ts'
import type { specialRun, Tools } from './special-run.ts'

/** As many dispatches as one query set has timestamps for: WebGPU allows 4096 queries. */
const AT_ONCE = 2048
/** Bytes of a timestamp. */
const STAMP_BYTES = 8
/** QUERY_RESOLVE, of a buffer. */
const QUERY_RESOLVE = 512
/** How often an empty submission is timed. */
const EMPTY_TRIALS = 5

/** Returns the definition of a compiled model that runs on WebGPU and can be profiled. */
export function profiledProgram(data: DefinitionData<WebgpuProgramData>): Definition {
  return profiled(data.name, (laps) => {
    const open: Driver<WebgpuProgramData>['open'] = async (request) => {
      const gpu = await acquireGpu(request.options.device, [...FEATURES, 'timestamp-query'])
      laps.settle = () => gpu.device.queue.onSubmittedWorkDone()
      return new GpuSession(gpu, request)
    }
    return createDefinition(watched(data, laps), { ...webgpu, trial: laps, open })
  })
}

/** Returns a model whose runs are noted while the laps are timing. */
function watched(data: DefinitionData<WebgpuProgramData>, laps: Laps): DefinitionData<WebgpuProgramData> {
  const watch = (program: Staged): Staged => ({
    ...program,
    special: (...given: Parameters<typeof specialRun>) => watchedRun(program, laps, given),
    ...(program.stages && { stages: program.stages.map(watch) }),
  })
  const { programs, without } = data
  return {
    ...data,
    programs: { eval: watch(programs.eval), ...(programs.train && { train: watch(programs.train) }) },
    ...(without && {
      without: {
        ...(without.eval && { eval: without.eval.map(watch) }),
        ...(without.train && { train: without.train.map(watch) }),
      },
    }),
  }
}

/** What a module has for a program: one that calls the host has only stages. */
interface Staged extends WebgpuProgramData {
  readonly stages?: readonly Staged[]
}

async function watchedRun(
  program: Staged,
  laps: Laps,
  [gpu, prepared, encoder, [encode, lost, finish, weights, hidden]]: Parameters<typeof specialRun>,
): ReturnType<typeof specialRun> {
  const done: Step[] = []
  const note: typeof encodeSteps = (commands, steps) => {
    if (laps.isTiming) for (const step of steps) done.push(step)
    encode(commands, steps)
  }
  // A trial leaves the weights as they are.
  const tools: Tools = [note, lost, finish, weights, laps.isOn ? undefined : hidden]
  if (laps.isTiming) {
    laps.unread.push(async () => {
      const times = await timeSteps(gpu, done)
      for (const [i, [, , , kernel]] of done.entries()) laps.add(kernelNameOf(program, kernel), times[i] ?? 0)
    })
  }
  // the function that the contract names
  const special = program.special as unknown as typeof specialRun | undefined
  if (special) return special(gpu, prepared, encoder, tools)
  note(encoder, prepared.steps)
  return finish(encoder)
}

/** Does dispatches again, and returns how many milliseconds each took. */
async function timeSteps(gpu: Gpu, steps: readonly Step[]): Promise<readonly number[]> {
  const hasStamps = gpu.device.features.has('timestamp-query')
  const times: number[] = []
  for (let i = 0; i < steps.length; i += AT_ONCE) {
    const some = steps.slice(i, i + AT_ONCE)
    times.push(...(await (hasStamps ? timeByStamps : timeBySubmissions)(gpu, some)))
  }
  return times
}

async function timeByStamps({ device }: Gpu, steps: readonly Step[]): Promise<readonly number[]> {
  const count = 2 * steps.length
  const querySet = device.createQuerySet({ type: 'timestamp', count })
  const size = STAMP_BYTES * count
  const resolved = device.createBuffer({ size, usage: QUERY_RESOLVE | COPY_SRC })
  const staging = device.createBuffer({ size, usage: MAP_READ | COPY_DST })
  try {
    const encoder = device.createCommandEncoder()
    for (const [i, step] of steps.entries()) {
      const timestampWrites = { querySet, beginningOfPassWriteIndex: 2 * i, endOfPassWriteIndex: 2 * i + 1 }
      encodeSteps({ beginComputePass: () => encoder.beginComputePass({ timestampWrites }) }, [step])
    }
    encoder.resolveQuerySet(querySet, 0, count, resolved, 0)
    encoder.copyBufferToBuffer(resolved, 0, staging, 0, size)
    device.queue.submit([encoder.finish()])
    await staging.mapAsync(1)
    const stamps = new BigInt64Array(staging.getMappedRange())
    // Where a device sets its clock back in between, nothing is known.
    return steps.map((_, i) => Math.max(0, Number((stamps[2 * i + 1] ?? 0n) - (stamps[2 * i] ?? 0n)) / 1e6))
  } finally {
    for (const made of [querySet, resolved, staging]) made.destroy()
  }
}

/** Less what a submission takes that does nothing. */
async function timeBySubmissions({ device }: Gpu, steps: readonly Step[]): Promise<readonly number[]> {
  const time = async (some: readonly Step[]): Promise<number> => {
    const encoder = device.createCommandEncoder()
    encodeSteps(encoder, some)
    const commands = [encoder.finish()]
    const start = performance.now()
    device.queue.submit(commands)
    await device.queue.onSubmittedWorkDone()
    return performance.now() - start
  }
  await time([])
  let least = Infinity
  for (let i = 0; i < EMPTY_TRIALS; i++) least = Math.min(least, await time([]))
  const times: number[] = []
  for (const step of steps) times.push(Math.max(0, (await time([step])) - least))
  return times
}
