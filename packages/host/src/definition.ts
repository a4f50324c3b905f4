// definition: the data of a compiled module, and a target -> what the app imports
//
// `load` opens the device, compiles and reads the weights, all at the same time.
import { CONTRACT_VERSION, type Definition, type DefinitionData, type Instance, type LoadOptions } from './contract.ts'
import type { Driver, ProgramSignature, Session } from './driver.ts'
import { TsjitError } from './errors.ts'
import { createInstance } from './instance.ts'
import { loadWeights } from './load-weights.ts'

/** Returns the definition of a model on a target. Does no work until `load`. */
export function createDefinition<P extends ProgramSignature>(data: DefinitionData<P>, driver: Driver<P>): Definition {
  return { name: data.name, load: (options = {}) => load(data, driver, options) }
}

async function load<P extends ProgramSignature>(
  data: DefinitionData<P>,
  driver: Driver<P>,
  options: LoadOptions,
): Promise<Instance> {
  const { name, contract, eager } = data
  const { target = driver.target, mode = 'eval' } = options
  options.signal?.throwIfAborted()
  if (contract !== CONTRACT_VERSION) {
    const versions = `\`${name}\` was compiled for contract ${contract}, and this runtime reads ${CONTRACT_VERSION}`
    throw new TsjitError('contract_mismatch', `${versions}: install one version of tsjit and build again`)
  }
  if (target !== driver.target) {
    if (target === 'eager' && eager) return (await eager()).load(options)
    throw new TsjitError('target_unavailable', `\`${name}\` was built for ${driver.target}, not for ${target}`)
  }
  const program = data.programs[mode]
  if (!program) throw new TsjitError('target_unavailable', `\`${name}\` was not built for mode ${mode}`)
  const { signal: _signal, onProgress: _onProgress, ...rest } = options
  return createInstance({
    data,
    program,
    driver,
    session: await openSession(data, program, driver, options),
    // The signal and the progress belong to the load that the app asked for.
    reopen: () => openSession(data, program, driver, rest),
  })
}

async function openSession<P extends ProgramSignature>(
  data: DefinitionData<P>,
  program: P,
  driver: Driver<P>,
  options: LoadOptions,
): Promise<Session> {
  const { signal } = options
  const stop = new AbortController()
  const abort = (): void => stop.abort(signal?.reason)
  signal?.addEventListener('abort', abort)
  const aborted = new Promise<never>((_, reject) => {
    stop.signal.addEventListener('abort', () => reject(stop.signal.reason))
  })
  const opening = driver.open({ data, program, device: options.device })
  const { name, weights } = data
  const loading = loadWeights({
    name,
    weights,
    options,
    signal: stop.signal,
    async put(index, elements) {
      const session = await opening
      stop.signal.throwIfAborted()
      session.upload(index, elements)
    },
  })
  try {
    await Promise.race([Promise.all([opening, loading]), aborted])
    const session = await opening
    await Promise.race([session.ready(), aborted])
    return session
  } catch (error) {
    void opening.then(
      (session) => session.dispose(),
      () => {},
    )
    aborted.catch(() => {})
    stop.abort(error)
    throw error
  } finally {
    signal?.removeEventListener('abort', abort)
  }
}
