// explain-shapes: the sizes of all inputs -> their shapes, or what does not agree
import type { SlotData } from './program-data.ts'
import type { ProgramSignature } from './program-data.ts'
import type { Problem } from './errors.ts'
import { list, product, wrongShape, Wrong, type Measured } from './explain-input.ts'

type Known = Map<string, { readonly size: number; readonly by: string }>

/** Returns the shapes of all inputs. Throws `Wrong` where two disagree or one cannot be known. */
export function explainShapes(
  { inputs: slots, dims, shapes: shapesOf }: ProgramSignature,
  given: readonly Measured[],
): readonly (readonly number[])[] {
  const known: Known = new Map()
  const shapes = given.map(({ shape }) => shape)
  for (const [index, slot] of slots.entries()) learn(slot, shapes[index], known)
  for (const _ of slots) {
    for (const [index, slot] of slots.entries()) {
      if (shapes[index]) continue
      shapes[index] = shapeFromLength(slot, given[index]?.size ?? 0, known)
      learn(slot, shapes[index], known)
    }
  }
  const values = dims.flatMap(([name]) => known.get(name)?.size ?? [])
  const declared = values.length === dims.length ? shapesOf(...values) : []
  return shapes.map((shape, index) => {
    const slot = slots[index] as SlotData
    const size = given[index]?.size ?? 0
    const found = shape ?? declared[index]
    if (!found) {
      const open = slot[2].filter((axis) => typeof axis === 'string' && !known.has(axis)).join(' and ')
      throw wrongShape(slot, `${size} elements do not say what ${open} are: pass { data, shape } or nested arrays`)
    }
    if (product(found) !== size) throw wrongShape(slot, `has ${size} elements; ${list(found)} holds ${product(found)}`)
    return found
  })
}

function learn([path, , axes]: SlotData, shape: readonly number[] | undefined, known: Known): void {
  if (!shape) return
  for (const [axis, name] of axes.entries()) {
    if (typeof name === 'number') continue
    const size = shape[axis] ?? 0
    const by = `axis ${axis} of \`${path}\``
    const first = known.get(name)
    if (!first) known.set(name, { size, by })
    else if (first.size !== size) {
      throw new Wrong('dim_call_conflict', `\`${name}\` is ${first.size} in ${first.by} and ${size} in ${by}`)
    }
  }
}

function shapeFromLength(slot: SlotData, size: number, known: Known): readonly number[] | undefined {
  const sizes = slot[2].map((axis) => (typeof axis === 'number' ? axis : known.get(axis)?.size))
  const open = slot[2].filter((_, axis) => sizes[axis] === undefined)
  if (new Set(open).size > 1) return undefined
  const rest = product(sizes.map((value) => value ?? 1))
  const each = open.length > 0 ? Math.round((size / rest) ** (1 / open.length)) : 1
  if (each ** open.length * rest === size) return sizes.map((value) => value ?? each)
  const needed = open.length > 0 ? `not a multiple of ${rest}` : `not ${rest}`
  const fixed = slot[2].flatMap((axis) => {
    const found = known.get(String(axis))
    return found ? `; ${axis} is ${found.size} in ${found.by}` : []
  })
  throw wrongShape(slot, `has ${size} elements, ${needed}${fixed.join('')}`)
}

/** Returns every dimension that is outside its bounds, and every axis that is not what the dimensions make it. */
export function explainBounds(program: ProgramSignature, shapes: readonly (readonly number[])[]): readonly Problem[] {
  const values = program.solve(shapes)
  const outside = program.dims.flatMap(([name, min, max, of], index): Problem[] => {
    const value = values[index] ?? NaN
    const isWithin = value >= min && value <= (max || Infinity) && value % (of || 1) === 0
    if (!Number.isInteger(value) || isWithin) return []
    const bounds = `${max === 0 ? `at least ${min}` : `${min} to ${max}`}${of > 1 ? `, a multiple of ${of}` : ''}`
    const places = program.inputs.flatMap(([path, , axes]) => {
      return axes.includes(name) ? `axis ${axes.indexOf(name)} of \`${path}\`` : []
    })
    const message = `\`${name}\` is ${value} in ${places[0] ?? 'this call'}, outside its bounds: ${bounds}`
    return [{ code: 'dim_out_of_bounds', message: `${message} (as dim('${name}', …) declares them)` }]
  })
  if (outside.length > 0) return outside
  const isWhole = values.every((value) => Number.isInteger(value))
  const declared = isWhole ? program.shapes(...values) : []
  const chosen = program.dims.map(([name], index) => `${name} = ${values[index]}`).join(', ')
  return program.inputs.flatMap((slot, index) => {
    const shape = shapes[index] ?? []
    return slot[2].flatMap((name, axis): Problem[] => {
      const expected = declared[index]?.[axis]
      if (expected === shape[axis] || (!isWhole && /^\w+$/.test(String(name)))) return []
      const wanted = expected === undefined ? 'which no whole size gives' : `not ${expected} (${chosen})`
      return [wrongShape(slot, `axis ${axis}, \`${name}\`, is ${shape[axis]}, ${wanted}`).problem]
    })
  })
}
