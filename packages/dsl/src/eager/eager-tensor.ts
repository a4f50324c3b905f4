// eager-tensor: a tensor with its elements on the CPU
//
// Methods for every operation are added by apply.ts. A tensor of a probe has a type and no elements.

import { type HostTensor, type TypedArray, decoderOf, encoderOf, nestElements } from '@tsjit/host'
import type { Tensor } from '../operations/tensor.ts'
import { type Elements, createElements } from '../primitives/elements.ts'
import type { DType } from '../types/dtype.ts'
import { TensorBase, printType } from '../types/tensor-type.ts'

/** Every operation whose first parameter is a tensor, as a method, and what all tensors have. */
// eslint-disable-next-line typescript/no-unsafe-declaration-merging -- apply.ts defines the members on the prototype
export interface EagerTensor extends Tensor {}

/** A tensor that is computed at once, one operation at a time. */
export class EagerTensor extends TensorBase implements HostTensor {
  readonly dtype: DType
  readonly shape: number[]
  readonly #elements: Elements | undefined

  constructor(dtype: DType, shape: readonly number[], elements: Elements | undefined) {
    super()
    this.dtype = dtype
    this.shape = [...shape]
    this.#elements = elements
  }

  /** The number of axes. */
  get rank(): number {
    return this.shape.length
  }

  /** The number of elements. */
  get size(): number {
    return this.shape.reduce((product, size) => product * size, 1)
  }

  /** Whether it has a type only, because its types alone are followed: `forward` before a run, a branch not taken. */
  get isProbe(): boolean {
    return this.#elements === undefined
  }

  /** The elements, row-major, f16 and bf16 as numbers: not a copy. For debugging; the app reads `data()`. */
  get elements(): Elements {
    if (this.#elements === undefined) throw new Error('internal: a tensor of a probe has no elements')
    return this.#elements
  }

  /** Returns the elements, row-major, as tensors of every target do. */
  async data(): Promise<TypedArray> {
    return encodedElements(this)
  }

  /** Returns nested arrays. */
  async toArray(): Promise<unknown> {
    return nestElements(this.elements, numberDType(this.dtype), this.shape)
  }

  /** Does nothing: the memory is JavaScript's own. */
  dispose(): void {}

  override toString(): string {
    return inspectTensor(this)
  }
}

// what Node's console.log calls; a computed member would need a type that isolated declarations cannot give
Object.defineProperty(EagerTensor.prototype, Symbol.for('nodejs.util.inspect.custom'), {
  value(this: EagerTensor): string {
    return inspectTensor(this)
  },
})

/** Returns a copy of the elements as the host has them: f16 and bf16 as bits. */
export function encodedElements({ dtype, elements }: EagerTensor): TypedArray {
  const encode = encoderOf(dtype)
  return encode === undefined ? elements.slice() : Uint16Array.from(elements, encode)
}

/** Returns a tensor over what the app passed; f16 and bf16 come as bits. The elements are copied. */
export function fromHost(dtype: DType, shape: readonly number[], data: TypedArray): EagerTensor {
  const decode = decoderOf(dtype) ?? ((element: number): number => element)
  const elements = createElements(dtype, data.length)
  for (let i = 0; i < elements.length; i++) elements[i] = decode(data[i] ?? 0)
  return new EagerTensor(dtype, shape, elements)
}

/** Elements of half-width floats are numbers here, and only bits at the host. */
function numberDType(dtype: DType): DType {
  return dtype === 'f16' || dtype === 'bf16' ? 'f32' : dtype
}

const shownPerAxis = 6

/** Returns `f32[2, 3] [[1, 2, 3], [4, 5, 6]]`, long axes with their middle left out; of a probe the type alone. */
export function inspectTensor(tensor: EagerTensor): string {
  const { dtype, shape } = tensor
  if (tensor.isProbe) return printType(tensor)
  const rows = (axis: number, offset: number): string => {
    const size = shape[axis]
    if (size === undefined) return showElement(tensor.elements[offset] ?? 0, dtype)
    const stride = shape.slice(axis + 1).reduce((product, n) => product * n, 1)
    const isLong = size > shownPerAxis * 2
    const shown = isLong ? [...firstOf(shownPerAxis), ...firstOf(3).map((i) => size - 3 + i)] : firstOf(size)
    const items = shown.map((i) => rows(axis + 1, offset + i * stride))
    if (isLong) items.splice(shownPerAxis, 0, '…')
    const isFlat = axis === shape.length - 1
    return `[${items.join(isFlat ? ', ' : `,\n${' '.repeat(axis + 1)}`)}]`
  }
  const elements = rows(0, 0)
  return `${printType(tensor)}${elements.includes('\n') ? '\n' : ' '}${elements}`
}

function firstOf(count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => i)
}

function showElement(value: number, dtype: DType): string {
  const shown: unknown = nestElements([value], numberDType(dtype), [])
  if (typeof shown !== 'number' || Number.isInteger(shown)) return Object.is(shown, -0) ? '-0' : String(shown)
  return String(Number(shown.toPrecision(5)))
}
