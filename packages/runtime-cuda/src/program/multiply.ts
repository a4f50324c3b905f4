// multiply: a product of matrices -> what cuBLASLt is told
//
// The library has matrices by columns. A result by rows is the transposed one by columns: both operands change places.
import type { ProductData } from '@tsjit/host'
import type { Handle } from '../api/driver-api.ts'
import { checkStatus, type Cublas, handleOf } from '../device/cublas.ts'

/** Elements of a matrix along an axis, and how far apart they are. */
interface Axis {
  readonly size: number
  readonly stride: number
}

/** A matrix, or as many as there are products, `pair` elements apart. */
interface Matrix {
  readonly rows: Axis
  readonly columns: Axis
  readonly pair: number
}

/** d = x y, each as the library takes it. */
export interface Product {
  readonly dtype: number
  readonly count: number
  readonly x: Operand
  readonly y: Operand
  readonly d: Operand
  /** Whether x is the left operand of the model's product. */
  readonly isInOrder: boolean
}

/** A matrix by columns, transposed first perhaps. */
interface Operand {
  readonly rows: number
  readonly columns: number
  readonly leading: number
  readonly pair: number
  readonly isTransposed: boolean
}

/** cudaDataType. */
const types: Readonly<Record<string, number>> = { f32: 0, f16: 2, bf16: 14 }
/** CUBLAS_COMPUTE_32F. */
const COMPUTE = 68
const SCALE = 0
const [TRANSPOSE_X, TRANSPOSE_Y] = [3, 4]
const [BATCH_COUNT, BATCH_STRIDE] = [5, 6]
const MOST_WORKSPACE = 1
/** CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES, and those of B, C, D after it. */
const ALIGNMENTS = [5, 6, 7, 8]
const HEURISTIC_BYTES = 96
const NOT_SUPPORTED = 15

/** Products of fewer operations, or with a shorter side, gain nothing. */
const LEAST_WORK = 2 ** 24
const LEAST_SIDE = 64

/** Returns a product as the library takes it; undefined where it is small, or lies in memory in some other way. */
export function productOf([name, , , , ...numbers]: ProductData): Product | undefined {
  const [count = 0, m = 0, n = 0, k = 0, ...strides] = numbers
  if (Math.min(m, n, k) < LEAST_SIDE || 2 * count * m * n * k < LEAST_WORK) return undefined
  const matrix = (rows: number, columns: number, at: number): Matrix => ({
    rows: { size: rows, stride: strides[at + 1] ?? 0 },
    columns: { size: columns, stride: strides[at + 2] ?? 0 },
    pair: strides[at] ?? 0,
  })
  const [a, b, c] = [matrix(m, k, 0), matrix(k, n, 3), matrix(m, n, 6)]
  const isInOrder = c.rows.stride === 1
  const [x, y, d] = isInOrder
    ? [operandOf(a), operandOf(b), operandOf(c)]
    : [operandOf(turned(b)), operandOf(turned(a)), operandOf(turned(c))]
  const dtype = types[name]
  if (!x || !y || !d || d.isTransposed || dtype === undefined || (count > 1 && d.pair === 0)) return undefined
  return { dtype, count, x, y, d, isInOrder }
}

function turned({ rows, columns, pair }: Matrix): Matrix {
  return { rows: columns, columns: rows, pair }
}

function operandOf({ rows, columns, pair }: Matrix): Operand | undefined {
  const isTransposed = rows.stride !== 1
  const [inner, outer] = isTransposed ? [columns, rows] : [rows, columns]
  if (inner.stride !== 1 || outer.stride < inner.size) return undefined
  return { rows: inner.size, columns: outer.size, leading: outer.stride, pair, isTransposed }
}

/** Enqueues a product of what lies at these addresses; false where the library has no way to compute it. */
export function enqueueProduct(
  { api, handle, workspace }: Cublas,
  { dtype, count, x, y, d, isInOrder }: Product,
  [a, b, c]: readonly [a: Handle, b: Handle, c: Handle],
  stream: Handle,
): boolean {
  const made: (() => void)[] = []
  const make = (what: string, destroy: (handle: Handle) => number, call: (out: BigUint64Array) => number): Handle => {
    const own = handleOf(what, call)
    made.push(() => void destroy(own))
    return own
  }
  const layoutOf = ({ rows, columns, leading, pair }: Operand): Handle => {
    const create = (out: BigUint64Array): number => api.cublasLtMatrixLayoutCreate(out, dtype, rows, columns, leading)
    const layout = make('cublasLtMatrixLayoutCreate', api.cublasLtMatrixLayoutDestroy, create)
    if (count > 1) {
      const set = api.cublasLtMatrixLayoutSetAttribute
      checkStatus(set(layout, BATCH_COUNT, Int32Array.of(count), 4), 'BATCH_COUNT')
      checkStatus(set(layout, BATCH_STRIDE, BigInt64Array.of(BigInt(pair)), 8), 'STRIDED_BATCH_OFFSET')
    }
    return layout
  }
  try {
    const desc = make('cublasLtMatmulDescCreate', api.cublasLtMatmulDescDestroy, (out) =>
      api.cublasLtMatmulDescCreate(out, COMPUTE, SCALE),
    )
    const setDesc = (attribute: number, is: boolean): void =>
      checkStatus(api.cublasLtMatmulDescSetAttribute(desc, attribute, Int32Array.of(is ? 1 : 0), 4), 'a transpose')
    setDesc(TRANSPOSE_X, x.isTransposed)
    setDesc(TRANSPOSE_Y, y.isTransposed)
    const [xLayout, yLayout, dLayout] = [layoutOf(x), layoutOf(y), layoutOf(d)]
    const preference = make('cublasLtMatmulPreferenceCreate', api.cublasLtMatmulPreferenceDestroy, (out) =>
      api.cublasLtMatmulPreferenceCreate(out),
    )
    const prefer = (attribute: number, value: BigUint64Array | Uint32Array): void =>
      checkStatus(
        api.cublasLtMatmulPreferenceSetAttribute(preference, attribute, value, value.byteLength),
        'a preference',
      )
    prefer(MOST_WORKSPACE, BigUint64Array.of(BigInt(workspace.bytes)))
    const [from, by] = isInOrder ? [a, b] : [b, a]
    ;[from, by, c, c].forEach((address, i) => prefer(ALIGNMENTS[i] ?? 0, Uint32Array.of(alignmentOf(address))))
    const result = new Uint8Array(HEURISTIC_BYTES)
    const found = new Int32Array(1)
    const layouts = [xLayout, yLayout, dLayout, dLayout] as const
    const status = api.cublasLtMatmulAlgoGetHeuristic(handle, desc, ...layouts, preference, 1, result, found)
    if (status === NOT_SUPPORTED || (status === 0 && found[0] === 0)) return false
    checkStatus(status, 'cublasLtMatmulAlgoGetHeuristic')
    const [one, zero] = [Float32Array.of(1), Float32Array.of(0)]
    const operands = [one, from, xLayout, by, yLayout, zero, c, dLayout, c, dLayout] as const
    checkStatus(
      api.cublasLtMatmul(handle, desc, ...operands, result, workspace.address, workspace.bytes, stream),
      'cublasLtMatmul',
    )
    return true
  } finally {
    for (const destroy of made.reverse()) destroy()
  }
}

/** Returns the largest power of two, up to 256, that an address is a multiple of. */
function alignmentOf(address: Handle): number {
  let alignment = 256
  while (address % alignment !== 0) alignment /= 2
  return alignment
}
