// optional-inputs: a model with optional inputs -> one instance over the programs of all combinations
//
// Which of the inputs a call has decides which program runs it. The one that takes all is loaded with the model, each
// other at its first call, with the weights that are already on the device where the target can lend them. A page loads
// this file only for a model that has optional inputs.
import type { DefinitionData, Instance, InstanceInfo, LoadOptions, RunOptions } from './contract.ts'
import type { Driver, ProgramSignature, Session } from './driver.ts'
import type { explain } from './doubt.ts'

/** What every page has, handed over so that this file needs nothing of it. */
export interface Tools<P extends ProgramSignature> {
  readonly load: (data: DefinitionData<P>, driver: Driver<P>, options: LoadOptions) => Promise<Instance>
  readonly explain: typeof explain
}

/** Loads the program that takes all inputs, and returns an instance that loads the others when they are called. */
export async function loadPrograms<P extends ProgramSignature>(
  data: DefinitionData<P>,
  driver: Driver<P>,
  options: LoadOptions,
  { load, explain: refuse }: Tools<P>,
): Promise<Instance> {
  const { mode = 'eval' } = options
  const lend = createLender(driver)
  const open = (program: P, how: LoadOptions): Promise<Instance> => {
    return load({ ...data, programs: { ...data.programs, [mode]: program }, without: {} }, lend(), how)
  }
  const full = data.programs[mode]
  // Without one, the load says so.
  if (!full) return load({ ...data, without: {} }, driver, options)
  const { signal: _signal, onProgress: _onProgress, ...rest } = options
  const programs = [full, ...(data.without?.[mode] ?? [])] as const
  return new ManyPrograms<P>(programs, await open(full, options), {
    open: (program) => open(program, rest),
    refuse: (inputs, asked) =>
      refuse<never>(new TypeError('internal: refused'), ({ explainCall }) => explainCall(programs, inputs, asked)),
  })
}

/** Returns what makes drivers that open a program with the weights of another that they have opened, if they can. */
function createLender<P extends ProgramSignature>(driver: Driver<P>): () => Driver<P> {
  let lender: Session<P> | undefined
  return () => {
    let hasWeights = false
    const open: Driver<P>['open'] = async (request) => {
      const lent = lender?.isLost() === false ? lender.fork?.(request.program) : undefined
      hasWeights = lent !== undefined
      if (lent) return lent
      const opened = await driver.open(request)
      lender = opened
      return opened
    }
    return {
      ...driver,
      open,
      get hasWeights() {
        return hasWeights
      },
    }
  }
}

interface Actions<P> {
  readonly open: (program: P) => Promise<Instance>
  /** Throws what is wrong with a call that no program takes. */
  readonly refuse: (inputs: unknown, options: RunOptions) => Promise<never>
}

/** A loaded model with a program for each combination of its optional inputs. */
class ManyPrograms<P extends ProgramSignature> implements Instance {
  readonly #programs: readonly P[]
  readonly #actions: Actions<P>
  readonly #full: Instance
  readonly #loaded: Map<P, Instance>
  /** The program that is being loaded, for which later calls wait. */
  #opening: Promise<unknown> | undefined
  #last: Instance
  #isDisposed = false

  constructor(programs: readonly [P, ...P[]], full: Instance, actions: Actions<P>) {
    this.#programs = programs
    this.#full = full
    this.#last = full
    this.#actions = actions
    this.#loaded = new Map([[programs[0], full]])
  }

  get info(): InstanceInfo {
    return { ...this.#last.info, weightBytes: this.#full.info.weightBytes }
  }

  async run(inputs?: unknown, options: RunOptions = {}): ReturnType<Instance['run']> {
    const given = namesOf(inputs, this.#programs[0])
    const program = this.#programs.find(
      ({ inputs: slots }) => slots.length === given.size && slots.every(([path]) => given.has(path)),
    )
    if (!program) return this.#actions.refuse(inputs, options)
    let instance = this.#opening ? undefined : this.#loaded.get(program)
    let values = inputs
    if (!instance) {
      // The app may change its arrays while the call waits.
      values = copyArrays(inputs)
      const before = this.#opening
      const opening = (async () => {
        await before?.catch(() => {})
        return this.#loaded.get(program) ?? this.#open(program)
      })()
      this.#opening = opening
      try {
        instance = await opening
      } finally {
        if (this.#opening === opening) this.#opening = undefined
      }
    }
    this.#last = instance
    return instance.run(values as Readonly<Record<string, unknown>>, options)
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

  async #open(program: P): Promise<Instance> {
    // A model that is disposed says so when it runs.
    if (this.#isDisposed) return this.#full
    const instance = await this.#actions.open(program)
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

function copyArrays(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return (value as Uint8Array).slice()
  if (Array.isArray(value)) return value.map(copyArrays)
  // Tensors, buffers and images have another prototype.
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copyArrays(item)]))
}
