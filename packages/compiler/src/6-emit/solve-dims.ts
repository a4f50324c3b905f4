// solve-dims: signature -> the function that reads dimensions off the shapes of the inputs
//
// Each dimension is read from the simplest axis that settles it: itself if possible, else one that is linear in it and
// otherwise made of dimensions that are already known. The host then checks all shapes against these values.

import { type Dim, dims } from '@tsjit/dsl/compiler'
import { internalError } from '../base/invariant.ts'
import type { Graph } from '../ir/graph/graph.ts'
import { jsOperand } from './js-dims.ts'

/** One step: a dimension from an axis and from the dimensions before it: (axis - rest) / factor * scale. */
export interface SolveStep extends Linear {
  readonly name: string
  readonly input: number
  readonly axis: number
}

interface Step extends SolveStep {
  /** As JavaScript. */
  readonly value: string
}

/** Returns how to find the dimensions, one after another. Throws where the shapes of the inputs do not settle one. */
export function solveSteps(graph: Graph): readonly SolveStep[] {
  return stepsOf(graph, new Map(graph.dims.map(({ name }, i) => [name, `d${i}`])))
}

/** Returns `(s) => [s[0][0], …]`. Throws where the shapes of the inputs do not settle a dimension. */
export function solveText(graph: Graph, nameOf: ReadonlyMap<string, string>): string {
  const steps = stepsOf(graph, nameOf)
  const names = graph.dims.map(({ name }) => name)
  const values = new Map(steps.map(({ name, value }) => [name, value]))
  const isPlain = steps.every(({ value }) => /^s\[\d+\]\[\d+\]$/.test(value))
  if (isPlain) return `(s) => [${names.map((name) => values.get(name)).join(', ')}]`
  const lines = steps.map(({ name, value }) => `const ${nameOf.get(name)} = ${value};`)
  return `(s) => { ${lines.join(' ')} return [${names.map((name) => nameOf.get(name)).join(', ')}] }`
}

function stepsOf(graph: Graph, nameOf: ReadonlyMap<string, string>): readonly Step[] {
  const steps: Step[] = []
  const names = graph.dims.map(({ name }) => name)
  while (steps.length < names.length) {
    const known = new Set(steps.map(({ name }) => name))
    const next = names.filter((name) => !known.has(name)).flatMap((name) => settle(graph, name, known, nameOf))[0]
    steps.push(next ?? internalError(`the inputs of ${graph.name} do not settle ${names.join()}`))
  }
  return steps
}

function settle(
  graph: Graph,
  name: string,
  known: ReadonlySet<string>,
  nameOf: ReadonlyMap<string, string>,
): readonly Step[] {
  const found: Step[] = []
  graph.inputs.forEach(({ value }, i) => {
    value.type.shape.forEach((size, axis) => {
      const parts = splitLinear(size, name)
      if (parts === undefined) return
      const strangers = [...dims.symbolsOf(parts.factor), ...dims.symbolsOf(parts.rest)]
      if (strangers.some((s) => !known.has(s.name))) return
      const given = `s[${i}][${axis}]`
      const difference = isZero(parts.rest) ? given : `(${given} - ${jsOperand(parts.rest, nameOf)})`
      const isWhole = typeof parts.factor === 'number' && parts.factor === 1
      const text = isWhole
        ? difference.replace(/^\((.*)\)$/, '$1')
        : `Math.floor(${difference} / ${jsOperand(parts.factor, nameOf)})`
      found.push({ ...parts, name, input: i, axis, value: parts.scale === 1 ? text : `${text} * ${parts.scale}` })
    })
  })
  return found.sort((a, b) => a.value.length - b.value.length).slice(0, 1)
}

interface Linear {
  /** What the dimension (divided by `scale`) is multiplied by. */
  readonly factor: Dim
  readonly rest: Dim
  readonly scale: number
}

/** Writes a size as factor * dimension + rest; undefined where it is not linear in the dimension. */
function splitLinear(size: Dim, name: string): Linear | undefined {
  const own = dims.symbolsOf(size).find((s) => s.name === name)
  if (own === undefined || typeof size === 'number') return undefined
  // at 0 and at 1 times its scale: exact where the size is linear, checked at 2
  const at = (n: number): Dim => dims.substitute(size, new Map([[name, n * own.scale]]))
  const isInFunction = size.terms.some((t) => t.atoms.some((a) => a.kind !== 'symbol' && mentions(a, name)))
  if (isInFunction) return undefined
  const rest = at(0)
  const factor = dims.sub(at(1), rest)
  if (!dims.isSame(dims.sub(at(2), rest), dims.mul(factor, 2))) return undefined
  const isScale = typeof factor === 'number' && factor % own.scale === 0
  return isScale ? { factor: factor / own.scale, rest, scale: 1 } : { factor, rest, scale: own.scale }
}

type Atom = Exclude<Dim, number>['terms'][number]['atoms'][number]

function mentions(atom: Atom, name: string): boolean {
  if (atom.kind === 'symbol') return atom.name === name
  return [atom.left, atom.right].some((side) => side.terms.some((t) => t.atoms.some((a) => mentions(a, name))))
}

function isZero(size: Dim): boolean {
  return size === 0
}
