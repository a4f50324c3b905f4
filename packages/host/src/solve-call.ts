// solve-call: the inputs of a call -> arrays with known shapes, and the values of the dimensions
import type { HostTensor, RunOptions, SlotData, TypedArray } from './contract.ts'
import type { Call, ProgramSignature } from './driver.ts'
import { sizeOf } from './dtype.ts'
import { TsjitError } from './errors.ts'
import { type Adopt, type GivenInput, readInput, wrongShape } from './read-input.ts'
import { pickInputs, pickOutputs } from './structure.ts'

/** A call, and whether any of its arrays still belongs to the app. */
export interface SolvedCall extends Call {
  readonly borrowed: readonly boolean[]
}

/**
 * Returns the call that these inputs make. Throws what is wrong with them, naming the tensor, the axis, both sizes, and
 * where a dimension got the size that it has.
 */
export function solveCall(program: ProgramSignature, inputs: unknown, options: RunOptions, adopt: Adopt): SolvedCall {
  const { dims, inputs: slots } = program
  const outputs = pickOutputs(program.outputs, options.outputs)
  const given = pickInputs(inputs, slots).map((value, index): GivenInput => {
    const slot = slots[index] as SlotData
    if (value === undefined) throw new TsjitError('model_input_missing', `the input \`${slot[0]}\` is missing`)
    return readInput(value, slot, adopt)
  })
  const shapes = findShapes(program, given)
  const values = program.solve(shapes)
  const declared = values.every((value) => Number.isInteger(value)) ? program.shapes(...values) : undefined
  for (const [index, slot] of slots.entries()) checkShape(slot, shapes[index] ?? [], declared?.[index])
  checkBounds(dims, values)
  return {
    inputs: given.map(({ data }) => data),
    borrowed: given.map(({ isBorrowed }) => isBorrowed ?? false),
    shapes: declared ?? shapes,
    dims: values,
    outputs,
    seed: options.seed,
  }
}

/** Returns the call with copies of the arrays that the app may change before they are read. */
export function ownInputs({ borrowed, ...call }: SolvedCall): SolvedCall {
  const inputs = call.inputs.map((data, index) => (borrowed[index] ? (data as TypedArray).slice() : data))
  return { ...call, inputs, borrowed: [] }
}

/** Whether an input is a tensor and not an array. */
export function isTensor(input: TypedArray | HostTensor): input is HostTensor {
  return !ArrayBuffer.isView(input)
}

// A flat array with one open dimension gets its shape from its length; one with several waits for the other inputs.
function findShapes(program: ProgramSignature, given: readonly GivenInput[]): (readonly number[])[] {
  const { dims, inputs: slots } = program
  const known: Known = new Map()
  const shapes: (readonly number[] | undefined)[] = given.map(({ shape }) => shape)
  const learn = (index: number, slot: SlotData): void => {
    const shape = shapes[index]
    if (shape) learnShape(slot, shape, { known, dims })
  }
  for (const [index, slot] of slots.entries()) learn(index, slot)
  for (const _ of slots) {
    for (const [index, slot] of slots.entries()) {
      if (shapes[index]) continue
      shapes[index] = shapeFromLength(slot, given[index]?.size ?? 0, known)
      learn(index, slot)
    }
  }
  const values = dims.flatMap(([dim]) => known.get(dim)?.size ?? [])
  const declared = values.length === dims.length ? program.shapes(...values) : []
  return slots.map((slot, index) => {
    const size = given[index]?.size ?? 0
    const shape = shapes[index] ?? declared[index]
    if (!shape) {
      const open = slot[2].filter((axis) => typeof axis === 'string' && !known.has(axis)).join(' and ')
      throw wrongShape(slot, `${size} elements do not say what ${open} are: pass { data, shape } or nested arrays`)
    }
    if (sizeOf(shape) !== size)
      throw wrongShape(slot, `has ${size} elements; [${shape.join(', ')}] holds ${sizeOf(shape)}`)
    return shape
  })
}

/** The sizes of dimensions, and the axis where each was seen first. */
type Known = Map<string | number, { readonly size: number; readonly by: string }>

function learnShape(
  slot: SlotData,
  shape: readonly number[],
  { known, dims }: { readonly known: Known; readonly dims: ProgramSignature['dims'] },
): void {
  const [path, , axes] = slot
  const got = `has shape [${shape.join(', ')}]`
  if (shape.length !== axes.length) throw wrongShape(slot, `${got}, ${shape.length} axes for ${axes.length}`)
  for (const [axis, name] of axes.entries()) {
    const size = shape[axis] ?? 0
    if (typeof name === 'number') {
      if (size !== name) throw wrongShape(slot, `${got}: axis ${axis} is ${size}, not ${name}`)
    } else if (dims.some(([dim]) => dim === name)) {
      const first = known.get(name)
      const by = `axis ${axis} of \`${path}\``
      if (first && first.size !== size) {
        throw new TsjitError('dim_call_conflict', `\`${name}\` is ${first.size} in ${first.by} and ${size} in ${by}`)
      }
      if (!first) known.set(name, { size, by })
    }
  }
}

function shapeFromLength(slot: SlotData, size: number, known: Known): number[] | undefined {
  const sizes = slot[2].map((axis) => (typeof axis === 'number' ? axis : known.get(axis)?.size))
  const open = slot[2].filter((_, axis) => sizes[axis] === undefined)
  if (new Set(open).size > 1) return undefined
  const rest = sizeOf(sizes.map((value) => value ?? 1))
  const each = open.length > 0 ? Math.round((size / rest) ** (1 / open.length)) : 1
  if (each ** open.length * rest !== size) {
    const fixed = slot[2].flatMap((axis) =>
      known.has(axis) ? `; ${axis} is ${known.get(axis)?.size} by ${known.get(axis)?.by}` : [],
    )
    throw wrongShape(slot, `has ${size} elements${fixed.join('')}`)
  }
  return sizes.map((value) => value ?? each)
}

function checkShape(slot: SlotData, shape: readonly number[], declared: readonly number[] | undefined): void {
  for (const [axis, name] of slot[2].entries()) {
    const size = shape[axis] ?? 0
    const expected = declared?.[axis]
    if (declared ? expected !== size : typeof name === 'string' && !/^\w+$/.test(name)) {
      throw wrongShape(
        slot,
        `axis ${axis} (${name}) is ${size}${declared ? `, not ${expected}` : ', which no whole size gives'}`,
      )
    }
  }
}

function checkBounds(dims: ProgramSignature['dims'], values: readonly number[]): void {
  for (const [index, [name, min, max, multipleOf]] of dims.entries()) {
    const value = values[index] ?? 0
    if (value >= min && (max === 0 || value <= max) && value % (multipleOf || 1) === 0) continue
    const bounds = `${min} to ${max || 'any size'}${multipleOf > 1 ? `, a multiple of ${multipleOf}` : ''}`
    throw new TsjitError('dim_out_of_bounds', `\`${name}\` is ${value} in this call, outside its bounds: ${bounds}`)
  }
}
