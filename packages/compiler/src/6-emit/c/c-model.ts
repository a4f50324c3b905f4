// c-model: the programs of a model -> what header and source say of it
//
// All programs share one structure of inputs and one of outputs. An output that another program gives in another dtype or
// with another number of axes has a member of its own.

import type { DType } from '@tsjit/dsl/compiler'
import { dims } from '@tsjit/dsl/compiler'
import { invariant } from '../../base/invariant.ts'
import { appInputs, appOutputs } from '../../ir/graph/app-slots.ts'
import type { GraphDim, GraphInput, TensorType } from '../../ir/graph/graph.ts'
import type { Plan, PlanConstant } from '../../ir/plan/plan.ts'
import { mergeTables } from '../merge-tables.ts'
import { identifier, identifiers } from './c-names.ts'

/** A member of the structure of inputs or outputs. */
export interface CMember {
  readonly name: string
  readonly path: string
  /** With sizes as the first program has them. */
  readonly type: TensorType
  /** Types and conditions, for people. */
  readonly comment: string
}

/** A weight of the definition. */
export interface CWeight {
  readonly path: string
  readonly dtype: DType
  readonly shape: readonly number[]
  /** Whether runs leave a new value. */
  readonly isKept: boolean
  /** Whether files have 64 bits for each of its integers, as PyTorch's have for state. */
  readonly isWide: boolean
}

/** One program of a model. */
export interface CProgram {
  readonly plan: Plan
  readonly mode: number
  /** The bits of the optional inputs that it takes. */
  readonly given: number
  /** By input of the program: the member. */
  readonly inputs: readonly number[]
  readonly outputs: readonly number[]
  /** By weight of the plan: that of the model. */
  readonly weights: readonly number[]
  readonly constants: readonly number[]
  /** The weights of the model that its last outputs replace. */
  readonly updates: readonly number[]
  readonly isSeeded: boolean
}

/** A model. */
export interface CModel {
  readonly name: string
  /** What its names begin with. */
  readonly prefix: string
  readonly modes: readonly ('eval' | 'train')[]
  readonly dims: readonly GraphDim[]
  readonly inputs: readonly (CMember & { readonly bit: number })[]
  readonly outputs: readonly CMember[]
  readonly weights: readonly CWeight[]
  readonly constants: readonly PlanConstant[]
  readonly programs: readonly CProgram[]
  readonly isSeeded: boolean
}

/** A model to describe: its programs by mode, the one with all inputs first. */
export interface CSourceModel {
  readonly name: string
  readonly modes: readonly { readonly mode: 'eval' | 'train'; readonly plans: readonly Plan[] }[]
}

/** Describes the models of a file. */
export function describeModels(models: readonly CSourceModel[], file: string): readonly CModel[] {
  const prefixes = identifiers(models.map(({ name }) => (name === 'default' ? identifier(file) : name)))
  return models.map((model, i) => describeModel(model, prefixes[i] ?? model.name))
}

function describeModel({ name, modes }: CSourceModel, prefix: string): CModel {
  const all = modes.flatMap(({ plans }, mode) => plans.map((plan) => ({ plan, mode })))
  const plans = all.map(({ plan }) => plan)
  const tables = mergeTables(plans)
  const full = appInputs(plans[0]?.graph ?? { inputs: [] })
  const inputs = inputMembers(full)
  const outputs = outputMembers(all, modes.length > 1)
  const weights: CWeight[] = []
  const constants: PlanConstant[] = []
  const programs = all.map(({ plan, mode }, i): CProgram => {
    const { graph } = plan
    const own = tables.weightsOf[i] ?? []
    const places = tables.constantsOf[i] ?? []
    const updates = graph.outputs.flatMap(({ weight }) => (weight === undefined ? [] : [own[weight] ?? weight]))
    graph.weights.forEach(({ path, role, value: { type } }, at) => {
      const place = own[at] ?? at
      const isKept = updates.includes(place) || weights[place]?.isKept === true
      const isWide = type.dtype === 'i32' && role === 'buffer'
      weights[place] = { path, dtype: type.dtype, shape: type.shape.map(Number), isKept, isWide }
    })
    for (const place of updates) {
      const known = weights[place]
      if (known !== undefined) weights[place] = { ...known, isKept: true }
    }
    plan.constants.forEach((constant, at) => (constants[places[at] ?? at] = constant))
    const taken = appInputs(graph).map(({ path }) => inputs.findIndex((member) => member.path === path))
    const given = appOutputs(graph).map(({ path, value: { type } }) =>
      outputs.findIndex((m) => isSameMember(m, path, type)),
    )
    return {
      plan,
      mode,
      given: taken.reduce((bits, at) => bits + (inputs[at]?.bit ?? 0), 0),
      inputs: taken,
      outputs: given,
      weights: own,
      constants: places,
      updates,
      isSeeded: graph.inputs.length > taken.length,
    }
  })
  return {
    name,
    prefix,
    modes: modes.map(({ mode }) => mode),
    dims: plans[0]?.graph.dims ?? [],
    inputs,
    outputs,
    weights,
    constants,
    programs,
    isSeeded: programs.some((program) => program.isSeeded),
  }
}

function inputMembers(full: readonly GraphInput[]): CModel['inputs'] {
  const names = identifiers(full.map(({ path }) => path))
  let bit = 1
  return full.map(({ path, value, optional }, i) => {
    const own = optional ? bit : 0
    if (optional) bit *= 2
    invariant(bit <= 2 ** 31, 'optional inputs have a bit each')
    const comment = typeText(value.type) + (optional ? ', or data = NULL' : '')
    return { name: names[i] ?? path, path, type: value.type, comment, bit: own }
  })
}

function outputMembers(
  all: readonly { readonly plan: Plan; readonly mode: number }[],
  hasModes: boolean,
): readonly CMember[] {
  const found: { path: string; type: TensorType; readonly texts: Set<string>; count: number }[] = []
  for (const { plan } of all) {
    for (const { path, value } of appOutputs(plan.graph)) {
      const known = found.find((member) => isSameMember(member, path, value.type))
      const text = typeText(value.type)
      if (known === undefined) found.push({ path, type: value.type, texts: new Set([text]), count: 1 })
      else {
        known.texts.add(text)
        known.count++
      }
    }
  }
  const names = identifiers(found.map(({ path }) => path))
  const sometimes = hasModes ? ' (of some modes or inputs only)' : ' (with some inputs only)'
  return found.map(({ path, type, texts, count }, i) => {
    const comment = [...texts].join(' or ') + (count < all.length ? sometimes : '')
    return { name: names[i] ?? path, path, type, comment }
  })
}

function isSameMember(
  member: { readonly path: string; readonly type: TensorType },
  path: string,
  type: TensorType,
): boolean {
  return member.path === path && member.type.dtype === type.dtype && member.type.shape.length === type.shape.length
}

/** Returns `f32[B, 3]`. */
export function typeText({ dtype, shape }: TensorType): string {
  return `${dtype}[${shape.map(dims.printDim).join(', ')}]`
}
