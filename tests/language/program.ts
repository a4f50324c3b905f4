// program: a small model as one row of a table, and the text of its module

import * as dsl from '@tsjit/dsl'

/** Declared inputs: signatures as text (`f32(B, 3)`), nested as the model nests them. */
export type Inputs = string | readonly Inputs[] | { readonly [name: string]: Inputs }

/** A model, and what to run it on. */
export interface Program {
  readonly name: string
  /** Signatures by name; dimensions of the standard names are declared where they occur. */
  readonly inputs?: Readonly<Record<string, Inputs>>
  /** Layers as an object literal: `{ fc: linear(4, 2) }`. */
  readonly layers?: string
  /** The body of `forward`, or an expression after `=`. Inputs are names in scope, layers too (`$` is all of them). */
  readonly body?: string
  /** The whole module, instead of what `layers`, `body` and `before` make of it. It exports `m`. */
  readonly module?: string
  /** Code of the module before the model. */
  readonly before?: string
  /** Other modules by name, beside this one. */
  readonly files?: Readonly<Record<string, string>>
  /** Options of dimensions, where they are not `{ max: 64 }`. */
  readonly dims?: Readonly<Record<string, string>>
  /** Sizes of all dimensions, one record a run. */
  readonly sizes?: readonly Readonly<Record<string, number>>[]
  /** Low and high (excluded) of the numbers of an input. */
  readonly ranges?: Readonly<Record<string, readonly [number, number]>>
  /** Elements of inputs, instead of random ones. One run, unless `sizes` says otherwise. */
  readonly given?: Readonly<Record<string, readonly (number | boolean)[]>>
  /** Paths of inputs to leave out; each list is another run at the first sizes. */
  readonly absent?: readonly (readonly string[])[]
  /** Elements of weights, instead of random ones. */
  readonly weights?: Readonly<Record<string, readonly number[]>>
  /** What the first run must give, nested arrays by output. */
  readonly expected?: Readonly<Record<string, unknown>>
  /** Takes more than a second, most of it the software GPU's compiler: only in long runs (TSJIT_FULL=1). */
  readonly slow?: true
  /** Sizes within the bounds that both runs refuse at the call, and the code that the compiled one gives. */
  readonly refused?: { readonly sizes: Readonly<Record<string, number>>; readonly code: string }
  /** Compiles both modes, and runs every call in training, then once at evaluation; weights must be equal after it. */
  readonly mode?: 'train'
  /** Keeps `check` and `print` in. */
  readonly checks?: true
  /** What both runs reject with at the given inputs: part of the message. */
  readonly fails?: string
  /** The allowed relative error, where 1e-5 is too strict for good reason. */
  readonly tolerance?: number
}

const standard: Readonly<Record<string, readonly [number, number]>> = {
  B: [1, 3],
  T: [1, 5],
  N: [1, 7],
  M: [1, 6],
  H: [1, 6],
  W: [1, 5],
  S: [1, 4],
}

const operations: ReadonlySet<string> = new Set(Object.keys(dsl))

/** Layers come with this prefix: many have the name of an operation. */
const NN = 'nn'

/** Returns the module of a program; the model is exported as `m`. */
export function textOf(program: Program): string {
  if (program.module !== undefined) return program.module
  const { inputs = {}, layers, body = '', before = '' } = program
  const signatures = render(inputs)
  const code = [signatures, layers ?? '', body, before].join('\n')
  const own = new Set([...before.matchAll(/(?:const|function|let)\s+(\w+)/g)].map(([, name]) => name))
  const words = new Set([...code.matchAll(/[A-Za-z_]\w*/g)].map(([word]) => word))
  const used = [...words].filter((word) => operations.has(word) && !own.has(word) && word !== 'model' && word !== 'dim')
  const names = Object.keys(inputs).join(', ')
  const forward = body.startsWith('=')
    ? `forward: ({ ${names} }, ${layersOf(layers)}) => (${body.slice(1)})`
    : `forward({ ${names} }, ${layersOf(layers)}) { ${body} }`
  return [
    `import { type Tensor, ${['model', 'dim', ...used].join(', ')} } from '@tsjit/dsl'`,
    ...(words.has(NN) ? [`import * as ${NN} from '@tsjit/nn'`] : []),
    ...dimsOf(program).map((name) => `const ${name} = dim('${name}', ${program.dims?.[name] ?? '{ max: 64 }'})`),
    before,
    `export const m = model({ inputs: ${signatures}, ${layers === undefined ? '' : `layers: ${layers}, `}${forward} })`,
    '',
  ].join('\n')
}

function layersOf(layers: string | undefined): string {
  return layers === undefined ? '_' : '$'
}

/** Returns the names of the dimensions of a program. */
export function dimsOf({ inputs = {}, dims = {} }: Program): readonly string[] {
  const words = new Set([...render(inputs).matchAll(/\b[A-Z]\b/g)].map(([word]) => word))
  return [...new Set([...Object.keys(dims), ...Object.keys(standard).filter((name) => words.has(name))])]
}

/** Returns the sizes to run a program with. */
export function sizesOf(program: Program): readonly Readonly<Record<string, number>>[] {
  if (program.sizes !== undefined) return program.sizes
  const names = dimsOf(program)
  const pick = (index: 0 | 1): Record<string, number> =>
    Object.fromEntries(names.map((name) => [name, standard[name]?.[index] ?? 1 + index]))
  if (program.given !== undefined || names.length === 0) return [pick(1)]
  return [pick(1), pick(0)]
}

function render(inputs: Inputs): string {
  if (typeof inputs === 'string') return inputs
  if (Array.isArray(inputs)) return `[${inputs.map(render).join(', ')}]`
  return `{ ${Object.entries(inputs)
    .map(([name, value]) => `${name}: ${render(value)}`)
    .join(', ')} }`
}

/** A tensor that a signature describes. */
export interface Leaf {
  readonly path: string
  readonly dtype: string
  readonly shape: readonly number[]
}

/** Maps the signatures of inputs to values, in their structure. */
export function mapInputs(
  inputs: Inputs,
  sizes: Readonly<Record<string, number>>,
  make: (leaf: Leaf) => unknown,
  path: string = '',
): unknown {
  const at = (name: string | number): string => (path === '' ? String(name) : `${path}.${name}`)
  if (typeof inputs === 'string') return make(leafOf(inputs, sizes, path))
  if (Array.isArray(inputs)) return inputs.map((item: Inputs, i) => mapInputs(item, sizes, make, at(i)))
  const entries = Object.entries(inputs).map(([name, value]) => [name, mapInputs(value, sizes, make, at(name))])
  return Object.fromEntries(entries)
}

function leafOf(signature: string, sizes: Readonly<Record<string, number>>, path: string): Leaf {
  const [, dtype = '', shape = ''] = /^(?:optional\()?(\w+)\((.*?)\)+$/.exec(signature) ?? []
  const evaluate = new Function(...Object.keys(sizes), `return [${shape}]`)
  const values: unknown = evaluate(...Object.values(sizes))
  return { path, dtype, shape: Array.isArray(values) ? values.map(Number) : [] }
}
