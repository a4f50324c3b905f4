// hidden-slots: what programs take and give beside the inputs and outputs of the app
//
// The seed of a run is one more input. What checks found, what is to be printed and new values of weights are further
// outputs. Drivers see them as any other, the app sees none.
import type { HostTensor, TypedArray } from './contract.ts'
import type { DefinitionData, SlotData } from './program-data.ts'
import type { Call, Session } from './driver.ts'
import type { ProgramSignature } from './program-data.ts'

/** The path of the input that holds the seed. */
export const SEED = '@seed'

/** Returns a program with all of its slots: the seed after the inputs, the others after the outputs. */
export function withHiddenSlots<P extends ProgramSignature>(program: P, { weights }: DefinitionData<P>): P {
  const { seed, checks, prints = [], updates = [] } = program.hidden ?? {}
  const taken: SlotData[] = seed ? [[SEED, 'u32', [2]]] : []
  const found: SlotData[] = checks ? [['@check', 'i32', []]] : []
  const values = updates.map((index): SlotData => {
    const [path, dtype, shape] = weights[index] ?? ['', 'f32', []]
    return [`@${path}`, dtype, shape]
  })
  // Outputs may be found late, so neither list is read before it is asked for.
  return Object.create(program, {
    inputs: { get: () => [...program.inputs, ...taken] },
    outputs: { get: () => [...program.outputs, ...found, ...prints, ...values] },
  }) as P
}

/** Returns what adds the seed to calls: that of the app, or the number of the run. */
export function createSeeder(): (call: Call) => Call {
  let runs = 0
  return (call) => {
    const seed = call.seed ?? runs++
    // The explanation of a refused call says which option it is.
    if (!Number.isSafeInteger(seed)) throw new TypeError('internal: refused')
    // Of 53 bits the upper ones, rounded down, are those of a negative seed too.
    const words = Uint32Array.of(seed, Math.floor(seed / 2 ** 32))
    return { ...call, inputs: [...call.inputs, words] }
  }
}

/** The newest values of weights that runs have replaced, of all programs of a model. */
export interface KeptState {
  version: number
  readonly values: Map<number, TypedArray>
}

/** What reports depend on. */
export interface ReportOptions {
  readonly failed: (message: string) => Error
  /** As of `Driver.trial`. */
  readonly trial: { readonly isOn: boolean } | undefined
}

/**
 * Returns a session that prints, and rejects runs in which a check failed, as `failed` says. Where programs do not share
 * their weights on the device, it hands on what runs have made of them.
 */
export function withReports<P extends ProgramSignature>(
  session: Session<P>,
  { hidden = {}, outputs }: P,
  kept: KeptState,
  { failed, trial }: ReportOptions,
): Session<P> {
  const { checks, prints = [], updates = [] } = hidden
  const isAlone = !session.fork
  const reports = prints.length + (checks ? 1 : 0)
  let seen = 0
  const takeState = (): void => {
    if (isAlone && seen !== kept.version) for (const [index, value] of kept.values) session.upload(index, value)
    seen = kept.version
  }
  const keepState = async (results: readonly HostTensor[]): Promise<void> => {
    if (trial?.isOn) return
    for (const [i, tensor] of results.entries()) kept.values.set(updates[i] ?? 0, await tensor.data())
    if (results.length > 0) kept.version++
    takeState()
  }
  const report = async (results: readonly HostTensor[]): Promise<void> => {
    const [first] = checks ? results : []
    for (const [i, [label]] of trial?.isOn ? [] : prints.entries()) await show(label, results[i + (checks ? 1 : 0)])
    const [number = 0] = (await first?.data()) ?? []
    for (const result of results) result.dispose()
    const [message, place] = checks?.[number - 1] ?? []
    if (number) throw failed(`${message} (at ${place})`)
  }
  return {
    device: session.device,
    kernels: session.kernels,
    isLost: () => session.isLost(),
    upload: (index, data) => session.upload(index, data),
    async download(index) {
      takeState()
      return session.download(index)
    },
    ready: () => session.ready(),
    accepts: (tensor) => session.accepts(tensor),
    ...(session.fork && { fork: session.fork.bind(session) }),
    measure: () => session.measure(),
    dispose: () => session.dispose(),
    async run(call) {
      takeState()
      const own = call.outputs.length
      const count = reports + (isAlone ? updates.length : 0)
      const more = Array.from({ length: count }, (_, i) => outputs.length + i)
      const results = await session.run({ ...call, outputs: [...call.outputs, ...more] })
      await report(results.slice(own, own + reports))
      await keepState(results.slice(own + reports))
      return results.slice(0, own)
    },
  }
}

async function show(label: string, tensor: HostTensor | undefined): Promise<void> {
  if (!tensor) return
  const text = JSON.stringify(await tensor.toArray())
  // eslint-disable-next-line no-console -- printing is what this is for
  console.log(label, `${tensor.dtype}[${tensor.shape.join(', ')}] ${text}`)
}
