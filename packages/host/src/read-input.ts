// read-input: one value that the app passes -> elements of the declared dtype, and their shape where the value has one
//
// A typed array is flat and carries no shape. Nested arrays, numbers, tensors and `{ data, shape }` do.
import type { DType, HostTensor, SlotData, TypedArray } from './contract.ts'
import { arrayOf, encoderOf, sizeOf } from './dtype.ts'
import { showType, TsjitError } from './errors.ts'

/** An input as it was given. */
export interface GivenInput {
  readonly data: TypedArray | HostTensor
  readonly size: number
  readonly shape?: readonly number[]
  /** Whether the elements still belong to the app, which may change them after the call. */
  readonly isBorrowed?: true
}

/** Recognises buffers of the target. */
export type Adopt = ((value: object, dtype: DType) => HostTensor | undefined) | undefined

/** Returns what was given for a slot. Throws `model_input_dtype` or `model_input_shape`. */
export function readInput(value: unknown, slot: SlotData, adopt: Adopt): GivenInput {
  const [path, dtype] = slot
  if (typeof value === 'number' || typeof value === 'boolean' || Array.isArray(value)) return readNested(value, slot)
  if (typeof value === 'object' && value !== null) {
    if (ArrayBuffer.isView(value)) {
      const data = viewAs(value, dtype)
      if (data) return { data, size: data.length, isBorrowed: true }
    } else if (isTensor(value)) {
      if (value.dtype !== dtype) throw wrongDType(path, dtype, `a tensor of ${value.dtype}`)
      return { data: value, size: value.size, shape: value.shape }
    } else if ('data' in value && 'shape' in value && Array.isArray(value.shape)) {
      return shapeAs(readInput(value.data, slot, adopt), value.shape, slot)
    } else {
      const data = adopt?.(value, dtype)
      if (data) return { data, size: data.size }
    }
  }
  const kind: unknown = value === null ? 'null' : typeof value === 'object' ? value.constructor?.name : typeof value
  throw wrongDType(path, dtype, String(kind))
}

/** Returns the error for an input of the wrong shape. */
export function wrongShape([path, dtype, axes]: SlotData, got: string): TsjitError {
  return new TsjitError('model_input_shape', `the input \`${path}\` must be ${showType(dtype, axes)}, but ${got}`)
}

function wrongDType(path: string, dtype: DType, got: string): TsjitError {
  return new TsjitError(
    'model_input_dtype',
    `the input \`${path}\` must hold ${dtype} (${arrayOf[dtype].name}), not ${got}`,
  )
}

function isTensor(value: object): value is HostTensor {
  return 'dtype' in value && 'shape' in value && 'data' in value && typeof value.data === 'function'
}

// By tag and not by class: the array may come from another frame.
function viewAs(value: ArrayBufferView, dtype: DType): TypedArray | undefined {
  const tag: unknown = (value as { readonly [Symbol.toStringTag]?: unknown })[Symbol.toStringTag]
  const type = arrayOf[dtype]
  const isSame =
    tag === type.name ||
    (dtype === 'f16' && tag === 'Float16Array') ||
    (type === Uint8Array && tag === 'Uint8ClampedArray')
  if (!isSame) return undefined
  const data = new type(value.buffer, value.byteOffset, value.byteLength / type.BYTES_PER_ELEMENT)
  return dtype === 'bool' && data.some((item) => item > 1) ? data.map((item) => (item ? 1 : 0)) : data
}

function shapeAs(given: GivenInput, shape: readonly number[], slot: SlotData): GivenInput {
  if (sizeOf(shape) !== given.size)
    throw wrongShape(slot, `${given.size} elements do not fill shape [${shape.join(', ')}]`)
  return { ...given, shape }
}

type Nested = number | boolean | ArrayLike<unknown>

function readNested(value: Nested, slot: SlotData): GivenInput {
  const [path, dtype, axes] = slot
  const shape: number[] = []
  for (let item: unknown = value; isList(item); item = item[0]) shape.push(item.length)
  // An empty array says nothing of the axes behind it.
  if (shape.at(-1) === 0) for (const axis of axes.slice(shape.length)) shape.push(typeof axis === 'number' ? axis : 0)
  const data = new arrayOf[dtype](sizeOf(shape))
  const encode = encoderOf(dtype)
  let at = 0
  const fill = (item: unknown, axis: number, place: string): void => {
    const size = shape[axis]
    if (size === undefined ? isList(item) : !isList(item) || item.length !== size) {
      throw wrongShape(
        slot,
        `\`${path}${place}\` ${isList(item) ? `has ${item.length} elements` : 'is no array'}, unlike those before it`,
      )
    }
    if (isList(item)) {
      for (let i = 0; i < item.length; i++) fill(item[i], axis + 1, `${place}[${i}]`)
      return
    }
    const number = dtype === 'bool' && typeof item === 'boolean' ? Number(item) : item
    if (typeof number !== 'number') throw wrongDType(path, dtype, `${typeof item} at \`${path}${place}\``)
    data[at] = encode ? encode(number) : number
    const isFloat = encode || dtype === 'f32'
    if (!isFloat && (data[at] !== number || (dtype === 'bool' && number > 1))) {
      throw wrongDType(path, dtype, `${number} at \`${path}${place}\``)
    }
    at++
  }
  fill(value, 0, '')
  return { data, size: data.length, shape }
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && 'length' in value)
}
