// hot: keeps the models of a page up to date while their files are edited
//
// Runs in the page, in development only. The first version of every model stays the object that the app imported;
// later versions change what its `load` does, and move loaded instances over to the new program.

/** The part of a model that this file uses. */
export interface HotModel {
  readonly name: string
  load(options?: HotLoadOptions): Promise<HotInstance>
}

/** The options of `load` that must not outlive the first call; all others pass through. */
export interface HotLoadOptions {
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: never) => void
}

/** The part of an instance that this file uses. */
export interface HotInstance {
  dispose(): void
}

interface Live {
  readonly options: HotLoadOptions
  current: HotInstance
}

interface Tracked {
  replace(next: HotModel): Promise<void>
  readonly load: HotModel['load']
}

/** What a module hands from one version of itself to the next. */
export interface HotData {
  tsjit?: Map<string, Tracked>
}

/** The event that `globalThis` receives when models have changed; `detail.models` has their names. */
export const updateEvent = 'tsjit:update'

/** Takes over the exports of a module: at its first run remembers them, at later runs replaces what was remembered. */
export function follow(data: HotData, exports: Readonly<Record<string, unknown>>): void {
  const tracked = (data.tsjit ??= new Map())
  const updates: Promise<void>[] = []
  const names: string[] = []
  for (const [name, value] of Object.entries(exports)) {
    if (!isModel(value)) continue
    const known = tracked.get(name)
    if (known === undefined) {
      tracked.set(name, track(value))
      continue
    }
    names.push(name)
    updates.push(known.replace(value))
    // Whoever imports this version shares the instances of the first.
    assignLoad(value, known.load)
  }
  if (names.length > 0) void Promise.all(updates).then(() => announce(names))
}

function track(model: HotModel): Tracked {
  const live = new Set<Live>()
  let load = model.load.bind(model)
  const tracked: Tracked = {
    async load(options = {}) {
      const entry: Live = { options, current: await load(options) }
      live.add(entry)
      return facade(entry, () => live.delete(entry))
    },
    async replace(next) {
      load = next.load.bind(next)
      await Promise.all([...live].map((entry) => move(entry, load)))
    },
  }
  assignLoad(model, tracked.load)
  return tracked
}

async function move(entry: Live, load: HotModel['load']): Promise<void> {
  const { signal: _signal, onProgress: _onProgress, ...options } = entry.options
  try {
    const next = await load(options)
    entry.current.dispose()
    entry.current = next
  } catch (error) {
    const message = 'tsjit: the new version could not be loaded; the page goes on with the old one'
    globalThis.reportError?.(new Error(message, { cause: error }))
  }
}

const disposers: ReadonlySet<PropertyKey> = new Set<PropertyKey>([
  'dispose',
  Symbol.dispose ?? Symbol(),
  Symbol.asyncDispose ?? Symbol(),
])

// An instance that stands for whichever is current.
function facade(entry: Live, forget: () => void): HotInstance {
  return new Proxy(entry.current, {
    get(_, key) {
      const value: unknown = Reflect.get(entry.current, key)
      if (typeof value !== 'function') return value
      if (disposers.has(key)) forget()
      return value.bind(entry.current) as unknown
    },
  })
}

function isModel(value: unknown): value is HotModel {
  return typeof value === 'object' && value !== null && 'load' in value && typeof value.load === 'function'
}

function assignLoad(model: HotModel, load: HotModel['load']): void {
  Object.defineProperty(model, 'load', { value: load, configurable: true, writable: true, enumerable: true })
}

function announce(models: readonly string[]): void {
  globalThis.dispatchEvent?.(new CustomEvent(updateEvent, { detail: { models } }))
}
