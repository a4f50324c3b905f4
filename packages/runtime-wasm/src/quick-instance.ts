// quick-instance: an instance that runs small programs at once
//
// A small program takes less time than the checks of a call. Calls with flat arrays as long as those of the call before
// need none of them again.
import type { HostTensor, Instance, InstanceInfo, ProgramSignature, RunOptions } from '@tsjit/host'
import type { WasmSession } from './session.ts'

/** Returns the instance with a shorter way for calls like the one before. */
export function quicken(instance: Instance, session: WasmSession, { inputs, outputs }: ProgramSignature): Instance {
  // Nested names have to be taken apart, and elements of bool normalised.
  const isPlain = ![...inputs, ...outputs].some(([path]) => path.includes('.')) && !inputs.some(([, d]) => d === 'bool')
  return isPlain ? new QuickInstance(instance, session) : instance
}

class QuickInstance implements Instance {
  readonly #instance: Instance
  readonly #session: WasmSession
  /** Whether the inputs of the last run were flat arrays, whose lengths say their shapes. */
  #isFlat = false
  #waiting = 0

  constructor(instance: Instance, session: WasmSession) {
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
