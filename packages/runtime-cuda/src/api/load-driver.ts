// load-driver: the library of the driver -> its functions
//
// Nothing is looked for before a model is loaded. Without a driver that is one clear error, at `load()`.
import { TsjitError } from '@tsjit/host'
import { optionalPrototypes, prototypes, type DriverApi, type FunctionName } from './driver-api.ts'
import { importKoffi, type Koffi } from './koffi.ts'

/** Where another library with these functions is: for tests. */
const OWN_LIBRARY = 'TSJIT_LIBCUDA'

const loaded = new Map<string, DriverApi>()

/** Returns the driver of this machine. Throws `target_unavailable` where there is none. */
export async function loadDriver(): Promise<DriverApi> {
  const path = process.env[OWN_LIBRARY] ?? (process.platform === 'win32' ? 'nvcuda.dll' : 'libcuda.so.1')
  const known = loaded.get(path)
  if (known) return known
  const koffi = await importKoffi()
  const library = open(koffi, path)
  const functions = Object.entries(prototypes).map(
    ([name, prototype]) => [name, find(library, path, prototype)] as const,
  )
  // koffi knows the signatures only as texts
  const named = Object.fromEntries(functions) as Record<string, unknown> as Functions
  const optional = Object.entries(optionalPrototypes).flatMap(([name, prototype]) => {
    try {
      return [[name, library.func(prototype)] as const]
    } catch {
      return []
    }
  })
  const api: DriverApi = {
    ...Object.fromEntries(optional),
    ...named,
    path,
    waitFor: (event) =>
      new Promise((resolve, reject) => {
        named.cuEventSynchronize.async(event, (error, result) => (error ? reject(error) : resolve(result)))
      }),
    addressOf: (memory) => Number(koffi.address(memory)),
    view: (address, bytes) => koffi.view(BigInt(address), bytes),
    textAt: (address) => String(koffi.decode(BigInt(address), 'char', -1)),
  }
  loaded.set(path, api)
  return api
}

type Functions = { readonly [F in FunctionName]: DriverApi[F] & Asynchronous }

interface Asynchronous {
  async(...given: [...number[], (error: unknown, result: number) => void]): void
}

function open(koffi: Koffi, path: string): ReturnType<Koffi['load']> {
  try {
    return koffi.load(path)
  } catch (cause) {
    const reason = `no NVIDIA driver here: ${path} is not found`
    const advice = 'install the driver (no toolkit is needed), or run where there is an NVIDIA GPU'
    throw new TsjitError('target_unavailable', `${reason}; ${advice}`, { cause })
  }
}

function find(library: ReturnType<Koffi['load']>, path: string, prototype: string): unknown {
  try {
    return library.func(prototype)
  } catch (cause) {
    const reason = `the NVIDIA driver at ${path} is too old: it lacks ${/cu\w+/.exec(prototype)?.[0]}`
    throw new TsjitError('target_unavailable', `${reason}; CUDA 12 or later is needed`, { cause })
  }
}
