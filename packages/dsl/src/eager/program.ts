// program: a model in one mode, as the host sees it
//
// Inputs and dimensions come from the declaration. Outputs are not declared: they are found by running forward once on
// types alone, at the smallest sizes that it accepts. Where sizes of inputs are open (declarations.ts) these may fit no
// model, and the sizes of the first call are taken.

import { type DimData, type ProgramSignature, SEED, type SlotData } from '@tsjit/host'
import { isAbsent } from '../declare/absences.ts'
import type { NamedWeight } from '../declare/layer.ts'
import {
  type ModelDeclaration,
  type NamedInput,
  type NamedOutput,
  dimsOfInputs,
  flattenInputs,
  flattenOutputs,
  mapInputs,
} from '../declare/model.ts'
import { TensorDeclaration } from '../declare/tensor.ts'
import type { WeightDeclaration } from '../declare/weight.ts'
import { createElements } from '../primitives/elements.ts'
import { type Dim, printDim, symbol, symbolsOf, valueOf } from '../types/dim.ts'
import { OperationError } from '../types/errors.ts'
import type { SymbolAtom } from '../types/polynomial.ts'
import type { TensorBase } from '../types/tensor-type.ts'
import { createStreams } from './builder.ts'
import { EagerTensor } from './eager-tensor.ts'
import { resolveParts } from './layer.ts'
import { type RunScope, withScope } from './scope.ts'
import { TemplateFault } from './template.ts'

/** A model in one mode. */
export interface EagerProgram extends ProgramSignature {
  readonly weights: readonly NamedWeight[]
  /** Runs forward. `inputs` are by path, `weights` in the order of the weights' list, `sizes` in that of the dimensions. */
  run(call: EagerCall): EagerResult
}

/** What one run is given. */
export interface EagerCall {
  readonly inputs: ReadonlyMap<string, TensorBase>
  readonly weights: readonly TensorBase[]
  readonly sizes: readonly number[]
  readonly mode: RunScope['mode']
  readonly time?: RunScope['time']
  readonly isSilent?: RunScope['isSilent']
}

/** What one run gives. */
export interface EagerResult {
  readonly outputs: readonly NamedOutput[]
  /** New values of weights, by their places in the list. */
  readonly updates: ReadonlyMap<number, TensorBase>
}

/** Which program of a model. */
export interface ProgramOptions {
  readonly training: boolean
  /** Paths of the optional inputs that are absent. */
  readonly absent: ReadonlySet<string>
}

/** Returns the program of a model in one mode, without the inputs that are absent. */
export function createProgram(
  declaration: ModelDeclaration,
  weights: readonly NamedWeight[],
  { training, absent }: ProgramOptions,
): EagerProgram {
  const given = flattenInputs(declaration.inputs).filter(({ path }) => !isAbsent(path, absent))
  const inputs = given.map(nameOpenSizes)
  const symbols = dimsOfInputs(inputs)
  const run = (call: EagerCall): EagerResult => {
    const dims = new Map(symbols.map(({ name }, i) => [name, call.sizes[i] ?? Number.NaN]))
    const streams = createStreams(call.inputs.get(SEED) ?? new EagerTensor('u32', [2], undefined))
    const known = { weights: weightsOf(weights, call), dims }
    const updates = new Map<WeightDeclaration, TensorBase>()
    const { mode, time, isSilent } = call
    const scope: RunScope = { mode, training, ...known, streams, updates, layers: new Map(), time, isSilent }
    const outputs = withScope(scope, () => flattenOutputs(runForward(declaration, call, scope), scalar))
    const places = weights.map(({ declaration: weight }, i) => [i, updates.get(weight)] as const)
    return { outputs, updates: new Map(places.flatMap(([i, value]) => (value === undefined ? [] : [[i, value]]))) }
  }
  let outputs: readonly SlotData[] | undefined
  const hasOpenSizes = symbols.some(isOpen)
  const probe = (sizes: readonly number[]): readonly SlotData[] => probeOutputs(inputs, weights, sizes, run)
  return {
    dims: symbols.map(dimData),
    inputs: inputs.map(({ path, declaration: { dtype, shape } }) => slot(path, dtype, shape)),
    get outputs() {
      outputs ??= probeSmallest(symbols, probe, hasOpenSizes)
      return outputs ?? []
    },
    solve(shapes) {
      const sizes = solveDims(inputs, symbols, shapes)
      outputs ??= probeSmallest(symbols, probe, hasOpenSizes) ?? probe(sizes)
      return sizes
    },
    shapes: (...sizes) => [...shapesOf(inputs, symbols, sizes), [2]],
    weights,
    hidden: { seed: 1 },
    run,
  }
}

function scalar(value: number | boolean): TensorBase {
  const dtype = typeof value === 'boolean' ? 'bool' : 'f32'
  return new EagerTensor(dtype, [], createElements(dtype, 1).fill(Number(value)))
}

/** An open size is another one in every input. */
function nameOpenSizes(input: NamedInput): NamedInput {
  const { path, declaration } = input
  const shape = declaration.shape.map((size) => {
    const open = symbolsOf(size).find(isOpen)
    return open === undefined ? size : symbol(`${open.name} of ${path}`, { min: 0 })
  })
  return { ...input, declaration: new TensorDeclaration(declaration.dtype, shape) }
}

function isOpen({ name }: SymbolAtom): boolean {
  return name.startsWith('?')
}

function runForward(declaration: ModelDeclaration, call: EagerCall, scope: RunScope): unknown {
  const { forward } = declaration
  if (typeof forward !== 'function') throw new TypeError('model({ … }) needs a function `forward`')
  const inputs = mapInputs(declaration.inputs, (path) => call.inputs.get(path))
  return Reflect.apply(forward, undefined, [inputs, resolveParts(declaration.layers, scope)])
}

function weightsOf(weights: readonly NamedWeight[], call: EagerCall): ReadonlyMap<WeightDeclaration, TensorBase> {
  const found = new Map<WeightDeclaration, TensorBase>()
  weights.forEach(({ declaration }, i) => {
    const value = call.weights[i]
    if (value !== undefined) found.set(declaration, value)
  })
  return found
}

function slot(path: string, dtype: SlotData[1], shape: readonly Dim[]): SlotData {
  return [path, dtype, shape.map((size) => (typeof size === 'number' ? size : printDim(size)))]
}

function dimData({ name, min, max, scale }: SymbolAtom): DimData {
  return [name, min * scale, Number.isFinite(max) ? max * scale : 0, scale]
}

/** Smallest sizes first; a model may need more, as windows do. */
const probeSizes: readonly number[] = [1, 8, 32, 64, 224, 512]

/** Returns the outputs at the first sizes that the model accepts; undefined where it is none of these, if it may be. */
function probeSmallest(
  symbols: readonly SymbolAtom[],
  probe: (sizes: readonly number[]) => readonly SlotData[],
  mayFail: boolean,
): readonly SlotData[] | undefined {
  let refusal: unknown
  for (const least of probeSizes) {
    try {
      return probe(symbols.map(({ min, max, scale }) => Math.min(max, Math.max(min, Math.ceil(least / scale))) * scale))
    } catch (error) {
      if (!(error instanceof OperationError || error instanceof TemplateFault)) throw error
      refusal ??= error
    }
  }
  if (mayFail) return undefined
  throw refusal
}

function probeOutputs(
  inputs: readonly NamedInput[],
  weights: readonly NamedWeight[],
  sizes: readonly number[],
  run: EagerProgram['run'],
): readonly SlotData[] {
  const symbols = dimsOfInputs(inputs)
  const shapes = shapesOf(inputs, symbols, sizes)
  const typed = inputs.map(({ path, declaration: { dtype } }, i): [string, TensorBase] => [
    path,
    new EagerTensor(dtype, shapes[i] ?? [], undefined),
  ])
  const blank = weights.map(({ declaration: { dtype, shape } }) => new EagerTensor(dtype, shape, undefined))
  const { outputs } = run({ inputs: new Map(typed), weights: blank, sizes, mode: 'probe' })
  return outputs.map(({ path, value }) => slot(path, value.dtype, value.shape))
}

function shapesOf(
  inputs: readonly NamedInput[],
  symbols: readonly SymbolAtom[],
  sizes: readonly number[],
): readonly (readonly number[])[] {
  const values = new Map(symbols.map(({ name }, i) => [name, sizes[i] ?? Number.NaN]))
  return inputs.map(({ declaration }) => declaration.shape.map((size) => valueOf(size, values)))
}

/** Solves axis by axis, each for the one dimension that is still open there; sizes are linear in it. */
function solveDims(
  inputs: readonly NamedInput[],
  symbols: readonly SymbolAtom[],
  shapes: readonly (readonly number[])[],
): readonly number[] {
  const known = new Map<string, number>()
  const axes = inputs.flatMap(({ declaration }, i) =>
    declaration.shape.map((size, axis) => ({ size, value: shapes[i]?.[axis] })),
  )
  for (const _ of symbols)
    for (const { size, value } of axes) {
      const [open, another] = symbolsOf(size).filter(({ name }) => !known.has(name))
      if (open === undefined || another !== undefined || value === undefined) continue
      const at = (trial: number): number => valueOf(size, new Map([...known, [open.name, trial]]))
      known.set(open.name, (value - at(0)) / (at(1) - at(0)))
    }
  return symbols.map(({ name }) => known.get(name) ?? Number.NaN)
}
