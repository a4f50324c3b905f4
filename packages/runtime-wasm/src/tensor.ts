// tensor: a result, in JavaScript's memory
import { codecOf, nest, sizeOf, TsjitError, type DType, type HostTensor, type TypedArray } from '@tsjit/host'

/** A result on the CPU. */
export class CpuTensor implements HostTensor {
  declare readonly dtype: DType
  declare readonly shape: readonly number[]
  declare readonly size: number
  #elements: TypedArray | undefined

  constructor(dtype: DType, shape: readonly number[], elements: TypedArray) {
    this.dtype = dtype
    this.shape = shape
    this.size = sizeOf(shape)
    this.#elements = elements
  }

  /** The elements themselves. Throws `model_disposed` after `dispose`. */
  get elements(): TypedArray {
    if (this.#elements === undefined) throw new TsjitError('model_disposed', 'the tensor is disposed')
    return this.#elements
  }

  // The elements themselves: they were copied once, out of the program's memory, and large results take long to copy.
  async data(): Promise<TypedArray> {
    return this.elements
  }

  async toArray(): Promise<unknown> {
    return nest(await this.data(), this.shape, this.dtype === 'bool' ? Boolean : codecOf(this.dtype)?.decode)
  }

  dispose(): void {
    this.#elements = undefined
  }
}
