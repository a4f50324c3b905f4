// hidden-slots: what programs take and give beside the inputs and outputs of the app
//
// The seed of a run is one more input. What checks found, what is to be printed and new values of weights are further
// outputs. Drivers see them as any other, the app sees none.
import type { DefinitionData, HostTensor, SlotData } from './contract.ts'
import type { Call, ProgramSignature, Session } from './driver.ts'

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

/** Returns a session that prints, and rejects runs in which a check failed, as `failed` says. */
export function withReports<P extends ProgramSignature>(
  session: Session<P>,
  { hidden = {}, outputs }: P,
  failed: (message: string) => Error,
): Session<P> {
  const { checks, prints = [] } = hidden
  if (!checks && prints.length === 0) return session
  const report = async (results: readonly HostTensor[]): Promise<void> => {
    const [first] = checks ? results : []
    for (const [i, [label]] of prints.entries()) await show(label, results[i + (checks ? 1 : 0)])
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
    download: (index) => session.download(index),
    ready: () => session.ready(),
    accepts: (tensor) => session.accepts(tensor),
    ...(session.fork && { fork: session.fork.bind(session) }),
    measure: () => session.measure(),
    dispose: () => session.dispose(),
    async run(call) {
      const own = outputs.length
      const count = prints.length + (checks ? 1 : 0)
      const more = Array.from({ length: count }, (_, i) => own + i)
      const results = await session.run({ ...call, outputs: [...call.outputs, ...more] })
      await report(results.slice(call.outputs.length))
      return results.slice(0, call.outputs.length)
    },
  }
}

async function show(label: string, tensor: HostTensor | undefined): Promise<void> {
  if (!tensor) return
  const text = JSON.stringify(await tensor.toArray())
  // eslint-disable-next-line no-console -- printing is what this is for
  console.log(label, `${tensor.dtype}[${tensor.shape.join(', ')}] ${text}`)
}
