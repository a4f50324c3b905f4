// value: what expressions evaluate to
//
// Static values are JavaScript's own: numbers, strings, booleans, arrays and plain objects. Everything that JavaScript
// has no word for is one of the classes below. None of it outlives one lowering.

import type { Node } from '@babel/types'
import {
  type Dim,
  type DType,
  LayerDeclaration,
  ModelDeclaration,
  type OptionalDeclaration,
  type Shape,
  TensorBase,
  type TensorDeclaration,
  type WeightDeclaration,
} from '@tsjit/dsl/compiler'
import type { Span } from '../base/span.ts'
import type { Origin, Value as GraphValue } from '../ir/graph/graph.ts'
import type { FunctionNode } from '../ir/source.ts'

export type { FunctionNode } from '../ir/source.ts'

/** The value of an expression. */
export type Value =
  | undefined
  | null
  | boolean
  | number
  | string
  | DimExpression
  | Ratio
  | Poison
  | GraphTensor
  | Closure
  | Builtin
  | Namespace
  | TensorDeclaration
  | OptionalDeclaration
  | WeightDeclaration
  | LayerValue
  | ModelValue
  | Value[]
  | ObjectValue

/** A plain object. */
export interface ObjectValue {
  [name: string]: Value
}

/** A dimension that is not a number. */
export type DimExpression = Exclude<Dim, number>

/** Stands for a value that could not be made; why has been reported, so that whoever meets it stays silent. */
export class Poison {
  readonly kind = 'poison'
}

/** The only poison: it has no state. */
export const poison: Poison = new Poison()

/** A tensor of the graph being recorded. */
export class GraphTensor extends TensorBase {
  readonly dtype: DType
  readonly shape: Shape
  readonly value: GraphValue
  readonly origin: Origin

  constructor(value: GraphValue, origin: Origin) {
    super()
    this.dtype = value.type.dtype
    this.shape = value.type.shape
    this.value = value
    this.origin = origin
  }
}

/** A quotient of dimensions that is not known to be whole: `t / 2`, until `Math.floor` or `Math.ceil` makes it so. */
export class Ratio {
  readonly numerator: Dim
  /** Positive. */
  readonly denominator: Dim

  constructor(numerator: Dim, denominator: Dim) {
    this.numerator = numerator
    this.denominator = denominator
  }
}

/** One name. `value` is missing until the declaration has been reached. */
export interface Binding {
  readonly kind: 'const' | 'let' | 'function' | 'parameter' | 'import'
  readonly span: Span
  value: Value
  isReady: boolean
}

/** The names of one block, and the blocks around it. */
export class Scope {
  readonly parent: Scope | undefined
  readonly bindings: Map<string, Binding> = new Map()
  /** Whether its variables keep their values for ever, because what declared them has ended. */
  isFrozen = false

  constructor(parent?: Scope) {
    this.parent = parent
  }

  /** Adds a name that has no value yet. */
  declare(name: string, kind: Binding['kind'], span: Span): Binding {
    const binding: Binding = { kind, span, value: undefined, isReady: false }
    this.bindings.set(name, binding)
    return binding
  }

  /** Adds a name with its value. */
  define(name: string, kind: Binding['kind'], span: Span, value: Value): void {
    this.bindings.set(name, { kind, span, value, isReady: true })
  }

  /** Returns the scope that declares `name`, from here outwards. */
  ownerOf(name: string): Scope | undefined {
    if (this.bindings.has(name)) return this
    return this.parent?.ownerOf(name)
  }

  /** Returns the binding of `name`, from here outwards. */
  find(name: string): Binding | undefined {
    return this.bindings.get(name) ?? this.parent?.find(name)
  }

  /** Returns every name that can be used here, inner ones first. */
  names(): readonly string[] {
    const own = [...this.bindings.keys()]
    return this.parent === undefined ? own : [...own, ...this.parent.names()]
  }
}

/** A function of a `.tsjit` module and what it closes over. */
export class Closure {
  readonly node: FunctionNode
  readonly scope: Scope
  readonly file: string
  readonly name: string

  constructor(node: FunctionNode, scope: Scope, file: string, name: string) {
    this.node = node
    this.scope = scope
    this.file = file
    this.name = name
  }
}

/** A call as a built-in function sees it. */
export interface CallSite {
  readonly node: Node
  /** The argument expressions, as far as they correspond to the arguments. */
  readonly args: readonly Node[]
}

/** A function of JavaScript or of the DSL that the evaluator knows. */
export class Builtin {
  readonly name: string
  readonly apply: (args: readonly Value[], site: CallSite) => Value

  constructor(name: string, apply: (args: readonly Value[], site: CallSite) => Value) {
    this.name = name
    this.apply = apply
  }
}

/** An object with fixed members, such as `Math` or a module imported as `* as`. */
export class Namespace {
  readonly name: string
  readonly members: ReadonlyMap<string, Value>
  /** What reading a member does that `members` lacks, where that is not an unknown property. */
  readonly missing: ((name: string, node: Node) => Value) | undefined

  constructor(
    name: string,
    members: ReadonlyMap<string, Value>,
    missing?: ((name: string, node: Node) => Value) | undefined,
  ) {
    this.name = name
    this.members = members
    this.missing = missing
  }
}

/** `layer(tree, forward)`: callable, with the parts of its tree as properties. */
export class LayerValue extends LayerDeclaration {
  /** The function that made it, for messages. */
  readonly name: string
  override readonly parts: Value
  override readonly forward: Closure | Builtin

  constructor(name: string, parts: Value, forward: Closure | Builtin) {
    super(parts, forward)
    this.name = name
    this.parts = parts
    this.forward = forward
  }
}

/** `model({ … })`, not lowered yet. */
export class ModelValue extends ModelDeclaration {
  override readonly inputs: Value
  override readonly layers: Value
  override readonly forward: Closure | Builtin
  /** The call of `model`. */
  readonly site: Node
  readonly file: string

  constructor(parts: Pick<ModelValue, 'inputs' | 'layers' | 'forward' | 'site' | 'file'>) {
    super(parts.inputs, parts.layers, parts.forward)
    this.inputs = parts.inputs
    this.layers = parts.layers
    this.forward = parts.forward
    this.site = parts.site
    this.file = parts.file
  }
}

/** Returns whether `value` is a plain object. */
export function isObject(value: Value): value is ObjectValue {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** Returns whether `value` is a function of any kind; a layer is one too. */
export function isCallable(value: Value): value is Closure | Builtin | LayerValue {
  return value instanceof Closure || value instanceof Builtin || value instanceof LayerValue
}

/** Returns whether `value` is poison, or an array or plain object that holds some. */
export function isPoisoned(value: Value, depth: number = 4): boolean {
  if (value instanceof Poison) return true
  if (depth === 0) return false
  if (Array.isArray(value)) return value.some((item) => isPoisoned(item, depth - 1))
  return isObject(value) && Object.values(value).some((item) => isPoisoned(item, depth - 1))
}
