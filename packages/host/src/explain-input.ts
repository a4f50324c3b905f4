// explain-input: one input -> its size and shape, or what is wrong with it
import type { DType } from './contract.ts'
import type { SlotData } from './program-data.ts'
import type { ErrorCode, Problem } from './errors.ts'
import { nameOf } from './explain-options.ts'

/** An input by its sizes; a flat array has no shape. */
export interface Measured {
  readonly size: number
  readonly shape: readonly number[] | undefined
}

/** What is wrong, on its way to `explainCall`. */
export class Wrong extends Error {
  readonly problem: Problem

  constructor(code: ErrorCode, message: string) {
    super(message)
    this.problem = { code, message }
  }
}

/** Returns the sizes of an input. Throws `Wrong` where its elements or those of its axes that are numbers do not fit. */
export function measureInput(value: unknown, slot: SlotData): Measured {
  const measured = measure(value, slot)
  const [, , axes] = slot
  const { shape } = measured
  if (!shape) return measured
  const got = `has shape ${list(shape)}`
  if (shape.length !== axes.length) throw wrongShape(slot, `${got}: ${shape.length} axes, not ${axes.length}`)
  for (const [axis, name] of axes.entries()) {
    if (typeof name === 'number' && shape[axis] !== name) {
      throw wrongShape(slot, `${got}: axis ${axis} is ${shape[axis]}, not ${name}`)
    }
  }
  return measured
}

/** Returns that the shape of an input is wrong. */
export function wrongShape([path, dtype, axes]: SlotData, got: string): Wrong {
  return new Wrong('model_input_shape', `the input \`${path}\` must be ${dtype}${list(axes)}, but ${got}`)
}

/** Returns the number of elements of a shape. */
export function product(shape: readonly number[]): number {
  return shape.reduce((all, size) => all * size, 1)
}

/** Returns a shape as messages print it. */
export function list(axes: readonly (string | number)[]): string {
  return `[${axes.join(', ')}]`
}

const arrayNames: Readonly<Record<DType, string>> = {
  f32: 'Float32Array',
  f16: 'Uint16Array of its bits',
  bf16: 'Uint16Array of its bits',
  i32: 'Int32Array',
  u32: 'Uint32Array',
  i8: 'Int8Array',
  u8: 'Uint8Array',
  bool: 'Uint8Array',
}

function measure(value: unknown, slot: SlotData): Measured {
  const [, dtype] = slot
  if (Array.isArray(value) || typeof value === 'number' || typeof value === 'boolean') return measureNested(value, slot)
  if (ArrayBuffer.isView(value)) return measureArray(value, slot)
  const record = Object(value) as Readonly<Record<string, unknown>>
  if (typeof record['data'] === 'function' && 'dtype' in record) {
    if (record['dtype'] !== dtype) throw wrongDType(slot, `a tensor of ${String(record['dtype'])}`)
    return { size: Number(record['size']), shape: record['shape'] as readonly number[] }
  }
  if ('data' in record && 'shape' in record) {
    const { size, shape: own } = measure(record['data'], slot)
    if (record['shape'] === null || record['shape'] === undefined) return { size, shape: own }
    if (!Array.isArray(record['shape'])) throw wrongShape(slot, '`shape` is no array')
    const shape = record['shape'] as readonly unknown[]
    if (!areSizes(shape)) throw wrongShape(slot, `\`shape\` holds ${nameOf(shape.find((each) => !areSizes([each])))}`)
    if (product(shape) !== size) throw wrongShape(slot, `${size} elements do not fill ${list(shape)}`)
    return { size, shape }
  }
  if ('mapState' in record) {
    // GPUBufferUsage.COPY_SRC, which Node has no global for.
    if ((Number(record['usage']) & 4) === 0) throw wrongDType(slot, 'a GPUBuffer without the usage COPY_SRC: add it')
    return { size: Number(record['size']) / 4, shape: undefined }
  }
  throw wrongDType(slot, nameOf(value))
}

function measureArray(value: ArrayBufferView, slot: SlotData): Measured {
  const [, dtype] = slot
  const { name } = value.constructor
  const wanted = arrayNames[dtype]
  const isBytes = wanted === 'Uint8Array' && (name === 'Uint8ClampedArray' || name === 'Buffer')
  if (!wanted.startsWith(name) && !isBytes && !(dtype === 'f16' && name === 'Float16Array')) {
    const convert = name.startsWith('Big') ? 'value, Number' : 'value'
    const isSimple = /^\w+$/.test(wanted) && 'length' in value
    throw wrongDType(slot, isSimple ? `${name}: ${wanted}.from(${convert}) converts it` : name)
  }
  return { size: (value as Uint8Array).length, shape: undefined }
}

function measureNested(value: unknown, slot: SlotData): Measured {
  const [path, dtype, axes] = slot
  const shape: number[] = []
  for (let item = value; isList(item); item = item[0]) shape.push(item.length)
  if (shape.at(-1) === 0) for (const axis of axes.slice(shape.length)) shape.push(Number(axis) || 0)
  const visit = (item: unknown, axis: number, place: string): void => {
    if (isList(item)) {
      if (axis >= shape.length) throw wrongShape(slot, `\`${place}\` is an array where others are numbers`)
      if (item.length !== shape[axis]) {
        throw wrongShape(slot, `\`${place}\` has ${item.length} elements where others have ${shape[axis]}`)
      }
      for (let i = 0; i < item.length; i++) visit(item[i], axis + 1, `${place}[${i}]`)
      return
    }
    if (axis < shape.length) throw wrongShape(slot, `\`${place}\` is no array where others are`)
    const fits = typeof item === 'number' ? holds(dtype, item) : typeof item === 'boolean' && dtype === 'bool'
    if (!fits) throw wrongDType(slot, nameOf(item), place)
  }
  visit(value, 0, path)
  return { size: product(shape), shape }
}

function holds(dtype: DType, value: number): boolean {
  if (/f/.test(dtype)) return true
  if (dtype === 'bool') return value === 0 || value === 1
  const width = Number(dtype.slice(1))
  const [low, high] = dtype.startsWith('i') ? [-(2 ** (width - 1)), 2 ** (width - 1)] : [0, 2 ** width]
  return Number.isInteger(value) && value >= low && value < high
}

function wrongDType([path, dtype]: SlotData, got: string, place: string = path): Wrong {
  const where = place === path ? '' : ` at \`${place}\``
  const message = `the input \`${path}\` must hold ${dtype} (numbers or ${arrayNames[dtype]}), not ${got}${where}`
  return new Wrong('model_input_dtype', message)
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && 'length' in value)
}

function areSizes(shape: readonly unknown[]): shape is readonly number[] {
  return shape.every((size) => Number.isSafeInteger(size) && Number(size) >= 0)
}
