// cublas-api: the functions of cuBLASLt that the runtime calls
//
// As cublasLt.h 12 has them. The library is not part of the driver: it comes with the CUDA toolkit, or with PyTorch. Nothing
// looks for it unless `load` is told to use libraries.
import { TsjitError } from '@tsjit/host'
import { importKoffi, type Koffi } from './koffi.ts'
import type { Handle, Memory } from './driver-api.ts'

/** The signature of each function in C; each returns a cublasStatus_t. */
const prototypes = {
  cublasLtCreate: 'int cublasLtCreate(void *handle)',
  cublasLtMatmulDescCreate: 'int cublasLtMatmulDescCreate(void *desc, int compute, int scale)',
  cublasLtMatmulDescDestroy: 'int cublasLtMatmulDescDestroy(uintptr_t desc)',
  cublasLtMatmulDescSetAttribute:
    'int cublasLtMatmulDescSetAttribute(uintptr_t desc, int attribute, void *value, size_t bytes)',
  cublasLtMatrixLayoutCreate:
    'int cublasLtMatrixLayoutCreate(void *layout, int type, uint64_t rows, uint64_t columns, int64_t leading)',
  cublasLtMatrixLayoutDestroy: 'int cublasLtMatrixLayoutDestroy(uintptr_t layout)',
  cublasLtMatrixLayoutSetAttribute:
    'int cublasLtMatrixLayoutSetAttribute(uintptr_t layout, int attribute, void *value, size_t bytes)',
  cublasLtMatmulPreferenceCreate: 'int cublasLtMatmulPreferenceCreate(void *preference)',
  cublasLtMatmulPreferenceDestroy: 'int cublasLtMatmulPreferenceDestroy(uintptr_t preference)',
  cublasLtMatmulPreferenceSetAttribute:
    'int cublasLtMatmulPreferenceSetAttribute(uintptr_t preference, int attribute, void *value, size_t bytes)',
  cublasLtMatmulAlgoGetHeuristic:
    'int cublasLtMatmulAlgoGetHeuristic(uintptr_t handle, uintptr_t desc, uintptr_t a, uintptr_t b, uintptr_t c, uintptr_t d, uintptr_t preference, int wanted, void *results, void *found)',
  cublasLtMatmul:
    'int cublasLtMatmul(uintptr_t handle, uintptr_t desc, void *alpha, uintptr_t a, uintptr_t aLayout, uintptr_t b, uintptr_t bLayout, void *beta, uintptr_t c, uintptr_t cLayout, uintptr_t d, uintptr_t dLayout, void *algorithm, uintptr_t workspace, size_t bytes, uintptr_t stream)',
} as const

/** The library. */
export type CublasApi = {
  readonly [F in keyof typeof prototypes]: (...given: (Handle | Memory | null)[]) => number
}

/** Names another library with these functions. */
const OWN_LIBRARY = 'TSJIT_CUBLASLT'

const loaded = new Map<string, CublasApi>()

/** Returns the library of this machine. Throws `target_unavailable` where there is none. */
export async function loadCublas(): Promise<CublasApi> {
  const own = process.env[OWN_LIBRARY]
  const paths = own === undefined ? namesOf(process.platform) : [own]
  const koffi = await importKoffi()
  for (const path of paths) {
    const api = loaded.get(path) ?? open(koffi, path)
    if (api === undefined) continue
    loaded.set(path, api)
    return api
  }
  const reason = `\`libraries: 'auto'\` needs cuBLASLt: ${paths.join(' or ')} is not found`
  const advice = `install the CUDA toolkit's libraries, name the file in ${OWN_LIBRARY}, or leave the option out`
  throw new TsjitError('target_unavailable', `${reason}; ${advice}`)
}

function namesOf(platform: string): readonly string[] {
  return platform === 'win32' ? ['cublasLt64_13.dll', 'cublasLt64_12.dll'] : ['libcublasLt.so.13', 'libcublasLt.so.12']
}

function open(koffi: Koffi, path: string): CublasApi | undefined {
  try {
    const library = koffi.load(path)
    const functions = Object.entries(prototypes).map(([name, prototype]) => [name, library.func(prototype)] as const)
    // koffi knows the signatures only as texts
    return Object.fromEntries(functions) as Record<string, unknown> as CublasApi
  } catch {
    return undefined
  }
}
