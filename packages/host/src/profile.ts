// profile: a model of a development build -> instances that say how long their kernels take
//
// A target notes what it launches while its laps are on. A page has this file only where the build says so: its modules
// then take `profiledProgram` of their runtime for `program`.
import { copyArrays } from './copy-arrays.ts'
import type { Definition, HostTensor, Instance, LoadOptions, Profile, ProfileOptions, RunOptions } from './contract.ts'
import { TsjitError } from './errors.ts'
import type { KernelName, ProfileData } from './program-data.ts'

/** Measured runs where the app asks for no number. */
const USUAL_RUNS = 10

/** Time that a kernel took in one run, in milliseconds, and how often it was launched. */
interface Lap {
  milliseconds: number
  launches: number
}

/** Where the target of an instance notes what a run launches. */
export class Laps {
  /** Whether runs are trials, as `Driver.trial` says. */
  isOn = false
  /** Whether launches are to be timed: one by one, whatever that costs. */
  isTiming = false
  /** Resolves when the device has done what it was given. */
  settle: () => Promise<unknown> = async () => {}
  /** What is still to be done when a timed run has ended, before its times are known. */
  readonly unread: (() => Promise<void>)[] = []
  #found = new Map<KernelName, Lap>()

  /** Notes a launch that took so many milliseconds. */
  add(name: KernelName | undefined, milliseconds: number): void {
    if (!name) return
    const lap = this.#found.get(name) ?? { milliseconds: 0, launches: 0 }
    this.#found.set(name, lap)
    lap.milliseconds += milliseconds
    lap.launches++
  }

  /** Returns what was noted since it was last asked, in the order of the first launches. */
  async read(): Promise<ReadonlyMap<KernelName, Lap>> {
    for (const work of this.unread.splice(0)) await work()
    const found = this.#found
    this.#found = new Map()
    return found
  }
}

/** Returns the kernel of a program that a target counts as `index`. */
export function kernelNameOf({ profile }: { readonly profile?: ProfileData }, index: number): KernelName | undefined {
  return profile?.kernels[profile.of[index] ?? -1]
}

/** Returns a definition whose instances can be profiled. `definitionOf` makes it on a target that notes laps. */
export function profiled(name: string, definitionOf: (laps: Laps) => Definition): Definition {
  return {
    name,
    async load(options?: LoadOptions) {
      const laps = new Laps()
      const instance = await definitionOf(laps).load(options)
      // That of another target has laps of its own.
      return instance instanceof ProfiledModel ? instance : new ProfiledModel(instance, laps)
    },
  }
}

/** A loaded model that can be profiled. */
class ProfiledModel implements Instance {
  readonly #instance: Instance
  readonly #laps: Laps
  /** Runs that have not ended. */
  readonly #running = new Set<Promise<unknown>>()
  /** Ends with the last profile that was asked for; what is asked for later waits. */
  #profiling: Promise<unknown> | undefined

  constructor(instance: Instance, laps: Laps) {
    this.#instance = instance
    this.#laps = laps
  }

  get info(): Instance['info'] {
    return this.#instance.info
  }

  run(...[inputs, options]: Parameters<Instance['run']>): ReturnType<Instance['run']> {
    if (this.#profiling) {
      // The app may change its arrays while the call waits.
      const own = copyArrays(inputs) as typeof inputs
      return this.#profiling.then(() => this.run(own, options))
    }
    const result = this.#instance.run(inputs, options)
    this.#running.add(result)
    const end = (): boolean => this.#running.delete(result)
    result.then(end, end)
    return result
  }

  async profile(...[inputs, options]: Parameters<Instance['profile']>): Promise<Profile> {
    const before = this.#profiling
    const own = copyArrays(inputs) as typeof inputs
    const measured = (async () => {
      await before
      await Promise.allSettled(this.#running)
      return this.#measure(own, Object(options) as ProfileOptions)
    })()
    const ended = measured
      .catch(() => {})
      .then(() => {
        if (this.#profiling === ended) this.#profiling = undefined
      })
    this.#profiling = ended
    return measured
  }

  weights(): ReturnType<Instance['weights']> {
    return this.#instance.weights()
  }

  dispose(): void {
    this.#instance.dispose()
  }

  [Symbol.dispose](): void {
    this.dispose()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#profiling
    await this.#instance[Symbol.asyncDispose]()
  }

  async #measure(inputs: Parameters<Instance['run']>[0], given: ProfileOptions): Promise<Profile> {
    const { runs = USUAL_RUNS, ...rest } = given
    if (!Number.isSafeInteger(runs) || runs < 1) {
      const message = `the option \`runs\` of \`profile\` must be a whole number of at least 1, not ${String(runs)}`
      throw new TsjitError('option_invalid', message)
    }
    // With a seed of its own it takes none of those that runs count.
    const options = { ...rest, seed: rest.seed ?? 0 }
    const laps = this.#laps
    const totals: number[] = []
    const kernels = new Map<KernelName, { readonly times: number[]; launches: number }>()
    laps.isOn = true
    try {
      // The first of all is not counted: it makes what the sizes need.
      for (let run = -1; run < runs; run++) {
        laps.isTiming = false
        const total = await this.#time(inputs, options)
        laps.isTiming = true
        await this.#time(inputs, options)
        const found = await laps.read()
        if (run < 0) continue
        totals.push(total)
        for (const [kernel, { milliseconds, launches }] of found) {
          const row = kernels.get(kernel) ?? { times: [], launches }
          kernels.set(kernel, row)
          row.times.push(milliseconds)
        }
      }
    } finally {
      laps.isOn = laps.isTiming = false
      laps.unread.length = 0
    }
    return {
      milliseconds: middle(totals),
      kernels: [...kernels].map(([[name, source], { times, launches }]) => {
        return { name, milliseconds: middle(times), launches, ...(source && { source }) }
      }),
    }
  }

  /** Returns the milliseconds of one run, until the device has ended it. */
  async #time(inputs: Parameters<Instance['run']>[0], options: RunOptions): Promise<number> {
    const start = performance.now()
    const outputs = await this.#instance.run(inputs, options)
    await this.#laps.settle()
    const time = performance.now() - start
    disposeAll(outputs)
    return time
  }
}

function disposeAll(outputs: object): void {
  if ('toArray' in outputs) (outputs as HostTensor).dispose()
  else for (const value of Object.values(outputs) as object[]) disposeAll(value)
}

/** Returns the mean of the middle half: what disturbs a run disturbs few, and clocks that are coarse even out. */
function middle(times: readonly number[]): number {
  const rest = Math.floor(times.length / 4)
  const kept = times.toSorted((a, b) => a - b).slice(rest, times.length - rest)
  return kept.reduce((sum, time) => sum + time, 0) / kept.length
}
