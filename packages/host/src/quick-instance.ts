// quick-instance: an instance that runs small programs at once
//
// A small program takes less time than the checks of a call. Calls with flat arrays as long as those of the call before
// need none of them again. Only targets without a page's few kilobytes in mind use it.
import type { HostTensor, Instance, InstanceInfo, RunOptions } from './contract.ts'
import type { ProgramSignature } from './program-data.ts'

/** A session that can run without a call being read. */
export interface QuickSession {
  /**
   * Runs at once, without a promise, where the inputs are flat arrays just as long as those of the last run; returns
   * undefined where they are anything else.
   */
  runAgain(inputs: Readonly<Record<string, unknown>>): Record<string, HostTensor> | undefined
}

/** Returns the instance with a shorter way for calls like the one before. */
export function quicken(instance: Instance, session: QuickSession, { inputs, outputs }: ProgramSignature): Instance {
  // Nested names have to be taken apart, and elements of bool normalised.
  const isPlain = ![...inputs, ...outputs].some(([path]) => path.includes('.')) && !inputs.some(([, d]) => d === 'bool')
  return isPlain ? new QuickInstance(instance, session) : instance
}

class QuickInstance implements Instance {
  readonly #instance: Instance
  readonly #session: QuickSession
  /** Whether the inputs of the last run were flat arrays, whose lengths say their shapes. */
  #isFlat = false
  #waiting = 0

  constructor(instance: Instance, session: QuickSession) {
    this.#instance = instance
    this.#session = session
  }

  get info(): InstanceInfo {
    return this.#instance.info
  }

  run(inputs: Readonly<Record<string, unknown>>, options?: RunOptions): Promise<Readonly<Record<string, unknown>>> {
    if (this.#isFlat && this.#waiting === 0 && options === undefined && typeof inputs === 'object') {
      try {
        const results: Record<string, HostTensor> | undefined = this.#session.runAgain(inputs ?? {})
        if (results) return Promise.resolve(results)
      } catch (error) {
        return Promise.reject(error)
      }
    }
    return this.#runChecked(inputs, options)
  }

  async #runChecked(
    inputs: Readonly<Record<string, unknown>>,
    options: RunOptions | undefined,
  ): Promise<Readonly<Record<string, unknown>>> {
    this.#waiting++
    try {
      const results = await this.#instance.run(inputs, options)
      this.#isFlat = Object.values(inputs ?? {}).every((input) => ArrayBuffer.isView(input))
      return results
    } finally {
      this.#waiting--
    }
  }

  profile(...call: Parameters<Instance['profile']>): ReturnType<Instance['profile']> {
    return this.#instance.profile(...call)
  }

  weights(): ReturnType<Instance['weights']> {
    return this.#instance.weights()
  }

  dispose(): void {
    this.#isFlat = false
    this.#instance.dispose()
  }

  [Symbol.dispose](): void {
    this.dispose()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isFlat = false
    await this.#instance[Symbol.asyncDispose]()
  }
}
