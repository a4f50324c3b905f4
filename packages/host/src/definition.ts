// definition: the data of a compiled module, and a target -> what the app imports
//
// `load` opens the device, compiles and reads the weights, all at the same time.
import { type Definition, type Instance, type LoadOptions, type Target } from './contract.ts'
import { CONTRACT_VERSION, type DefinitionData } from './program-data.ts'
import type { Driver, Session } from './driver.ts'
import type { ProgramSignature } from './program-data.ts'
import { checkNames, doubt, explain } from './doubt.ts'
import { TsjitError } from './errors.ts'
import { loadCodecs } from './dtype.ts'
import { LoadedModel, type InstanceParts } from './instance.ts'
import { loadWeights } from './load-weights.ts'
import type { manyPrograms } from './many-programs.ts'
import { place } from './place.ts'

/** Returns the definition of a model on a target. Does no work until `load`. */
export function createDefinition<P extends ProgramSignature>(data: DefinitionData<P>, driver: Driver<P>): Definition {
  return {
    name: data.name,
    load: (options = {}) =>
      load(data, driver, options).catch((error: unknown) =>
        explain<Instance>(error, ({ recoverLoad }) => recoverLoad(error, data, driver.target, options)),
      ),
  }
}

/** The forms of a model for other targets than its own. */
type OtherForms = { readonly [T in Target]?: () => Promise<Definition> }

const optionNames = /^(weights|device|libraries|target|signal|onProgress|cache|strict|mode|threads|worker)$/

async function load<P extends ProgramSignature>(
  data: DefinitionData<P>,
  driver: Driver<P>,
  options: LoadOptions,
): Promise<Instance> {
  const { target = driver.target, mode = 'eval' } = options
  const other = target !== driver.target && (data as OtherForms)[target]
  if (other) return (await other()).load(options)
  const program = data.programs[mode]
  // the function that the contract names
  const many = data.many as unknown as typeof manyPrograms | undefined
  if (many) return many(data, driver, options, { load, explain, failure: TsjitError })
  checkNames(options, optionNames)
  if (data.contract !== CONTRACT_VERSION || target !== driver.target || !program) return doubt()
  await loadCodecs([...program.inputs, ...program.outputs, ...data.weights].map(([, dtype]) => dtype))
  const parts = { data, program, driver }
  // The signal and the progress belong to the load that the app asked for, not to one after a lost device.
  const { signal: _signal, onProgress: _onProgress, ...rest } = options
  return new LoadedModel(parts, await openSession(parts, options), () => openSession(parts, rest))
}

async function openSession<P extends ProgramSignature>(
  { data, program, driver }: InstanceParts<P>,
  options: LoadOptions,
): Promise<Session> {
  const { signal: outer } = options
  outer?.throwIfAborted()
  const stop = new AbortController()
  const signal = outer ? AbortSignal.any([outer, stop.signal]) : stop.signal
  const opening = driver.open({ data, program, options, place })
  const loading =
    driver.hasWeights ||
    loadWeights(data, options, signal, async (index, elements) => {
      const session = await opening
      signal.throwIfAborted()
      session.upload(index, elements)
    })
  try {
    return await new Promise<Session>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason))
      Promise.all([opening, loading])
        .then(async ([session]) => {
          await session.ready()
          resolve(session)
        })
        .catch(reject)
    })
  } catch (error) {
    stop.abort(error)
    opening.then((session) => session.dispose()).catch(() => {})
    throw error
  }
}
