// instance: a session -> the calls an app makes of it, in order
//
// Holds the queue and the session of the moment; when a device is lost, the next call opens another.
import type { HostTensor, Instance, InstanceInfo, RunOptions } from './contract.ts'
import type { DefinitionData } from './program-data.ts'
import type { Call, Driver, Session } from './driver.ts'
import type { ProgramSignature } from './program-data.ts'
import { checkNames, doubt, explain } from './doubt.ts'
import { bytesOf } from './dtype.ts'
import { TsjitError } from './errors.ts'
import type { ConvertInputs } from './recover-call.ts'
import { copyInputs, isTensor, nestOutputs, readCall } from './read-call.ts'

/** What an instance is made of. */
export interface InstanceParts<P extends ProgramSignature> {
  readonly data: DefinitionData<P>
  readonly program: P
  readonly driver: Driver<P>
}

const optionNames = /^(signal|seed|outputs|mode)$/

/** A loaded model. */
export class LoadedModel<P extends ProgramSignature> implements Instance {
  readonly #parts: InstanceParts<P>
  readonly #reopen: () => Promise<Session>
  #session: Session
  #convert: ConvertInputs | undefined
  #isDisposed = false
  #waiting = 0
  #last: Promise<unknown> = Promise.resolve()

  constructor(parts: InstanceParts<P>, session: Session, reopen: () => Promise<Session>) {
    this.#parts = parts
    this.#session = session
    this.#reopen = reopen
  }

  get info(): InstanceInfo {
    const { driver, data } = this.#parts
    const { device, kernels } = this.#session
    return { target: driver.target, device, kernels, ...this.#session.measure(), weightBytes: bytesOf(data.weights) }
  }

  async run(inputs?: unknown, options: RunOptions = {}): ReturnType<Instance['run']> {
    const { program, driver, data } = this.#parts
    let call: Call
    try {
      this.#check(options)
      checkNames(options, optionNames)
      if (options.mode && data.programs[options.mode] !== program) doubt()
      call = readCall(program, this.#convert?.(inputs) ?? inputs, options, driver.adopt)
      call = driver.complete?.(program, call) ?? call
    } catch (error) {
      this.#convert = await explain(error, ({ recoverCall }) =>
        recoverCall(error, program, inputs, options, this.#convert),
      )
      return this.run(inputs, options)
    }
    // A call that starts at once reads the arrays of the app at once; one that waits for anything copies them first.
    const isNow = !this.#waiting && !this.#session.isLost() && call.inputs.every((input) => this.#accepts(input))
    const result = isNow ? this.#session.run(call) : this.#enqueue(copyInputs(call), options)
    this.#waiting++
    const done = (): number => this.#waiting--
    this.#last = result.then(done, done)
    const outputs = await result
    options.signal?.throwIfAborted()
    // The compiler declares the type of each output to the app.
    return nestOutputs(program.outputs, call.outputs, outputs) as Awaited<ReturnType<Instance['run']>>
  }

  profile(): Promise<never> {
    return explain<never>(0, ({ profile }) => profile)
  }

  async weights(): ReturnType<Instance['weights']> {
    await this.#last
    this.#check({})
    return explain(0, ({ saveWeights }) => saveWeights(this.#parts.data.weights, this.#session))
  }

  dispose(): void {
    this.#isDisposed = true
    this.#session.dispose()
  }

  [Symbol.dispose](): void {
    this.dispose()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#last
    this.dispose()
  }

  async #enqueue(call: Call, options: RunOptions): Promise<readonly unknown[]> {
    await this.#last
    this.#check(options)
    if (this.#session.isLost()) {
      this.#session.dispose()
      this.#session = await this.#reopen()
      if (this.#isDisposed) this.#session.dispose()
    }
    // Tensors of another device pass through the host.
    const inputs = await Promise.all(
      call.inputs.map((input) => (this.#accepts(input) ? input : (input as HostTensor).data())),
    )
    this.#check(options)
    return this.#session.run({ ...call, inputs })
  }

  #accepts(input: Call['inputs'][number]): boolean {
    return !isTensor(input) || this.#session.accepts(input)
  }

  #check({ signal }: RunOptions): void {
    signal?.throwIfAborted()
    if (this.#isDisposed) {
      throw new TsjitError('model_disposed', `\`${this.#parts.data.name}\` is disposed`)
    }
  }
}
