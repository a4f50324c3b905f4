// host-calls: a program that calls functions of the app in between
//
// Such a program is a list of stages, with one call after each but the last. A stage is a program of its own: what it leaves
// for later ones stays on the device, what the function takes is read back, and what that returns is an input of later
// stages. A page has this file only where a model calls the host: its module names it.
import type { HostTensor, Instance, LoadOptions, TypedArray } from './contract.ts'
import type { DefinitionData, HostArray, HostCallData, StageData } from './program-data.ts'
import { loadCodecs } from './dtype.ts'
import type { Call, Driver, OpenRequest, Session } from './driver.ts'
import type { ProgramSignature } from './program-data.ts'
import { manyPrograms, type Tools } from './many-programs.ts'
import { readHostResults } from './read-host-results.ts'

/** A program with calls between its stages. The last stage gives the outputs. */
interface Staged<P> {
  readonly stages?: readonly (P & StageData)[]
  readonly calls?: readonly HostCallData[]
}

/** As `manyPrograms`, for models of which some program calls the host. */
export function hostCalls<P extends ProgramSignature>(
  data: DefinitionData<P>,
  driver: Driver<P>,
  options: LoadOptions,
  tools: Tools<P>,
): Promise<Instance> {
  return manyPrograms(data, { ...driver, open: (request) => openStages(driver, request) }, options, tools)
}

async function openStages<P extends ProgramSignature & Staged<P>>(
  driver: Driver<P>,
  request: OpenRequest<P>,
): Promise<Session<P>> {
  const { stages: [own = request.program, ...others] = [], calls = [] } = request.program
  await loadCodecs(calls.flatMap(({ gives }) => gives.map(([, dtype]) => dtype)))
  const first = await driver.open({ ...request, program: own })
  const rest = others.map(
    async (program) =>
      first.fork?.(program) ?? driver.open({ ...request, data: dataFor(request.data, program), program }),
  )
  return new StagedSession(request.program, [first, ...(await Promise.all(rest))])
}

/** Where stages share no memory, a later one has no room for weights that it does not need. */
function dataFor<P>(data: DefinitionData<P>, { uses }: StageData): DefinitionData<P> {
  const weights = data.weights.map(([path, dtype, shape, ...rest], index): (typeof data.weights)[number] =>
    uses?.includes(index) === false ? [path, dtype, [0], ...rest] : [path, dtype, shape, ...rest],
  )
  return { ...data, weights }
}

/** The sessions of a program's stages as one. */
class StagedSession<P extends ProgramSignature & Staged<P>> implements Session<P> {
  readonly device: string
  readonly kernels: number
  readonly fork?: (program: P) => Session<P>
  readonly #program: P
  readonly #sessions: readonly Session<P>[]
  /** The sessions that keep weights of their own. */
  readonly #keepers: readonly Session<P>[]

  constructor(program: P, sessions: readonly [Session<P>, ...Session<P>[]]) {
    const [first] = sessions
    this.#program = program
    this.#sessions = sessions
    this.#keepers = first.fork ? [first] : sessions
    this.device = first.device
    this.kernels = sessions.reduce((sum, { kernels }) => sum + kernels, 0)
    const fork = first.fork?.bind(first)
    if (fork) {
      this.fork = (other) => {
        const { stages: [own = other, ...others] = [] } = other
        return new StagedSession(other, [fork(own), ...others.map(fork)])
      }
    }
  }

  isLost(): boolean {
    return this.#sessions.some((session) => session.isLost())
  }

  upload(index: number, data: TypedArray): void {
    const { stages = [] } = this.#program
    for (const [i, session] of this.#keepers.entries())
      if (stages[i]?.uses?.includes(index) !== false) session.upload(index, data)
  }

  download(index: number): Promise<TypedArray> {
    return (this.#sessions[0] as Session<P>).download(index)
  }

  async ready(): Promise<void> {
    await Promise.all(this.#sessions.map((session) => session.ready()))
  }

  accepts(tensor: HostTensor): boolean {
    return this.#sessions[0]?.accepts(tensor) ?? false
  }

  async run(call: Call): Promise<readonly HostTensor[]> {
    const { stages = [this.#program], calls = [] } = this.#program
    /** What stages and functions have made so far, by name. */
    const made = new Map<string, TypedArray | HostTensor>()
    try {
      for (const [i, session] of this.#sessions.entries()) {
        const stage = stages[i] as P
        const inputs =
          i === 0 ? call.inputs : await Promise.all(stage.inputs.map(([name]) => take(session, made, name)))
        const shapes = stage.shapes(...call.dims)
        const next = calls[i]
        if (!next) return await session.run({ ...call, inputs, shapes })
        const results = await session.run({ ...call, inputs, shapes, outputs: [...stage.outputs.keys()] })
        for (const [at, [name]] of stage.outputs.entries()) made.set(name, results[at] as HostTensor)
        await callHost(next, call.dims, made)
      }
      return []
    } finally {
      for (const value of made.values()) if (!ArrayBuffer.isView(value)) value.dispose()
    }
  }

  measure(): ReturnType<Session['measure']> {
    const each = this.#sessions.map((session) => session.measure())
    const threads = Math.max(...each.map((one) => one.threads ?? 0))
    return {
      dispatches: each.reduce((sum, { dispatches }) => sum + dispatches, 0),
      arenaBytes: each.reduce((sum, { arenaBytes }) => sum + arenaBytes, 0),
      ...(threads > 0 && { threads }),
    }
  }

  dispose(): void {
    for (const session of this.#sessions) session.dispose()
  }
}

type Made = Map<string, TypedArray | HostTensor>

/** Returns an input of a stage; tensors of another session's memory pass through the host. */
async function take(session: Session, made: Made, name: string): Promise<TypedArray | HostTensor> {
  const value = made.get(name) as TypedArray | HostTensor
  return ArrayBuffer.isView(value) || session.accepts(value) ? value : value.data()
}

/** What a function returns may be an array that it writes again. */
async function callHost(
  { fn, takes, gives, as, shapes }: HostCallData,
  dims: readonly number[],
  made: Made,
): Promise<void> {
  const args = takes.map(async (name): Promise<HostArray> => {
    // Of the stage before, which leaves tensors.
    const tensor = made.get(name) as HostTensor
    return { dtype: tensor.dtype, shape: [...tensor.shape], data: (await tensor.data()).slice() }
  })
  const results = readHostResults(fn(...(await Promise.all(args))), gives, shapes(...dims))
  for (const [i, name] of as.entries()) made.set(name, (results[i] as TypedArray).slice())
}
