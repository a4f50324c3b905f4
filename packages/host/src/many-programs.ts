// many-programs: a model of several programs, or one that draws or keeps state -> one instance
//
// The mode of a call, and which of the optional inputs it has, decide which program runs it. The first is loaded with the
// model, each other at its first call, with the weights that are already on the device where the target can lend them. A
// page has this file only where a model is such a one: its module names it.
import { copyArrays } from './copy-arrays.ts'
import type { Instance, InstanceInfo, LoadOptions, RunOptions } from './contract.ts'
import type { DefinitionData } from './program-data.ts'
import type { Driver, Session } from './driver.ts'
import type { ProgramSignature } from './program-data.ts'
import type { explain } from './doubt.ts'
import type { ErrorCode, TsjitError } from './errors.ts'
import { createSeeder, type KeptState, withHiddenSlots, withReports } from './hidden-slots.ts'

/** What every page has, handed over so that this file needs nothing of it. */
export interface Tools<P extends ProgramSignature> {
  readonly load: (data: DefinitionData<P>, driver: Driver<P>, options: LoadOptions) => Promise<Instance>
  readonly explain: typeof explain
  readonly failure: typeof TsjitError
}

type Mode = 'eval' | 'train'

/** Loads the program of the mode that takes all inputs, and returns an instance that loads the others when called. */
export async function manyPrograms<P extends ProgramSignature>(
  data: DefinitionData<P>,
  driver: Driver<P>,
  options: LoadOptions,
  { load, explain: refuse, failure }: Tools<P>,
): Promise<Instance> {
  const { mode = 'eval' } = options
  const lend = createLender(driver, (code, message) => new failure(code, message))
  const open = (program: P, how: LoadOptions): Promise<Instance> => {
    const chosen = { eval: program, [how.mode ?? 'eval']: program }
    return load({ ...data, programs: chosen, without: {}, many: undefined }, lend(), how)
  }
  const full = data.programs[mode]
  // Without one, the load says so.
  if (!full) return load({ ...data, without: {}, many: undefined }, lend(), options)
  const { signal: _signal, onProgress: _onProgress, ...rest } = options
  const programsIn = (asked: Mode): readonly P[] => {
    const whole = data.programs[asked]
    return whole ? [whole, ...(data.without?.[asked] ?? [])] : []
  }
  return new ManyPrograms<P>(await open(full, options), {
    mode,
    programsIn,
    open: (program, asked) => open(program, { ...rest, mode: asked }),
    refuse: (inputs, asked) =>
      refuse<never>(new TypeError('internal: refused'), ({ explainCall }) =>
        explainCall([full, ...programsIn(mode).slice(1)], inputs, asked),
      ),
  })
}

/** Returns what makes drivers that open a program with the weights of another that they have opened, if they can. */
function createLender<P extends ProgramSignature>(
  driver: Driver<P>,
  failure: (code: ErrorCode, message: string) => Error,
): () => Driver<P> {
  let lender: Session<P> | undefined
  let keepsState = false
  const addSeed = createSeeder()
  const kept: KeptState = { version: 0, values: new Map() }
  return () => {
    let hasWeights = false
    const open: Driver<P>['open'] = async (request) => {
      const { hidden } = request.program
      const program = withHiddenSlots(request.program, request.data)
      if (lender?.isLost() && keepsState) throw failure('target_device_lost', stateLost)
      keepsState ||= hidden?.updates !== undefined
      const lent = lender?.isLost() === false ? lender.fork?.(program) : undefined
      hasWeights = lent !== undefined
      const opened = lent ?? (await driver.open({ ...request, program }))
      if (!lent) lender = opened
      const failed = (message: string): Error => failure('model_check_failed', message)
      return withReports(opened, request.program, kept, { failed, trial: driver.trial })
    }
    return {
      ...driver,
      open,
      complete: ({ hidden }, call) => (hidden?.seed ? addSeed(call) : call),
      get hasWeights() {
        return hasWeights
      },
    }
  }
}

const stateLost = 'the device is lost, and with it what the model kept since it was loaded: load it again'

interface Actions<P> {
  /** The mode of calls that name none. */
  readonly mode: Mode
  /** The programs of a mode, that with all inputs first; none where the mode is not built. */
  readonly programsIn: (mode: Mode) => readonly P[]
  readonly open: (program: P, mode: Mode) => Promise<Instance>
  /** Throws what is wrong with a call that no program takes. */
  readonly refuse: (inputs: unknown, options: RunOptions) => Promise<never>
}

/** A loaded model with a program for each mode and combination of its optional inputs. */
class ManyPrograms<P extends ProgramSignature> implements Instance {
  readonly #actions: Actions<P>
  readonly #full: Instance
  readonly #loaded: Map<P, Instance>
  /** The program that is being loaded, for which later calls wait. */
  #opening: Promise<unknown> | undefined
  #last: Instance
  #isDisposed = false

  constructor(full: Instance, actions: Actions<P>) {
    this.#full = full
    this.#last = full
    this.#actions = actions
    const [program] = actions.programsIn(actions.mode)
    this.#loaded = new Map(program ? [[program, full]] : [])
  }

  get info(): InstanceInfo {
    return { ...this.#last.info, weightBytes: this.#full.info.weightBytes }
  }

  async run(inputs?: unknown, options: RunOptions = {}): ReturnType<Instance['run']> {
    const { mode: asked, ...rest } = Object(options) as RunOptions
    const mode = asked ?? this.#actions.mode
    const programs = this.#actions.programsIn(mode)
    // Which the one that is there refuses.
    if (programs.length === 0) return this.#full.run(inputs as Readonly<Record<string, unknown>>, options)
    const given = namesOf(inputs, programs[0])
    // One that takes all there is refuses what does not fit it.
    const program =
      programs.length === 1
        ? programs[0]
        : programs.find(({ inputs: slots }) => slots.length === given.size && slots.every(([path]) => given.has(path)))
    if (!program) return this.#actions.refuse(inputs, options)
    let instance = this.#opening ? undefined : this.#loaded.get(program)
    let values = inputs
    if (!instance) {
      // The app may change its arrays while the call waits.
      values = copyArrays(inputs)
      const before = this.#opening
      const opening = (async () => {
        await before?.catch(() => {})
        return this.#loaded.get(program) ?? this.#open(program, mode)
      })()
      this.#opening = opening
      try {
        instance = await opening
      } finally {
        if (this.#opening === opening) this.#opening = undefined
      }
    }
    this.#last = instance
    return instance.run(values as Readonly<Record<string, unknown>>, asked ? rest : options)
  }

  profile(...call: Parameters<Instance['profile']>): ReturnType<Instance['profile']> {
    return this.#full.profile(...call)
  }

  async weights(): ReturnType<Instance['weights']> {
    await this.#opening?.catch(() => {})
    return this.#last.weights()
  }

  dispose(): void {
    this.#isDisposed = true
    for (const instance of this.#loaded.values()) instance.dispose()
  }

  [Symbol.dispose](): void {
    this.dispose()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#opening?.catch(() => {})
    await Promise.all([...this.#loaded.values()].map((instance) => instance[Symbol.asyncDispose]()))
    this.dispose()
  }

  async #open(program: P, mode: Mode): Promise<Instance> {
    // A model that is disposed says so when it runs.
    if (this.#isDisposed) return this.#full
    const instance = await this.#actions.open(program, mode)
    this.#loaded.set(program, instance)
    if (this.#isDisposed) instance.dispose()
    return instance
  }
}

/** Returns the paths of the inputs that are there, and of whatever else is. */
function namesOf(inputs: unknown, program: ProgramSignature | undefined): ReadonlySet<string> {
  const found = new Set<string>()
  const slots = program?.inputs ?? []
  const visit = (value: unknown, path: string): void => {
    if (value === undefined) return
    const inside = path && `${path}.`
    const isInput = slots.some(([name]) => name === path)
    if (isInput || typeof value !== 'object' || !slots.some(([name]) => name.startsWith(inside))) found.add(path)
    else for (const [key, item] of Object.entries(value ?? {})) visit(item, inside + key)
  }
  visit(inputs, '')
  return found
}
