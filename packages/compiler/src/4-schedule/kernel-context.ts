// kernel-context: what forming one kernel shares
//
// Parameters are registered as values are read and stored; blocks collect statements and remember what they computed,
// so that one element of a value is computed once in a scope.

import { type Dim, type DType, Polynomial, dims } from '@tsjit/dsl/compiler'
import { invariant } from '../base/invariant.ts'
import type { AnyOp, Value } from '../ir/graph/graph.ts'
import type { Expr, GroupArray, KernelParam, ScalarType, Stmt, Width } from '../ir/kernel/kernel.ts'
import type { Group, Store } from './partition-state.ts'
import { type Namer, type Tuple, createNamer, linearise } from './space.ts'

/** How the kernel being formed sees the program. */
export interface KernelContext {
  readonly group: Group
  readonly namer: Namer
  readonly producers: ReadonlyMap<Value, AnyOp>
  /** The buffer that holds a value, if one does. */
  ownerOf(value: Value): Value | undefined
  /** Parameters by the value that owns the buffer. */
  readonly params: Map<Value, { readonly name: string; readonly dtype: DType; reads: boolean; writes: boolean }>
  readonly arrays: GroupArray[]
  /** Values with a place of their own in this kernel: accumulators, numbers of a row, staged rows. undefined: not there. */
  readonly computed: Map<Value, (tuple: Tuple) => Expr | undefined>
  /** Operations of one run, symbolic. */
  flops: Dim
  /** The symbol that stands for four neighbouring indices, where values are computed as vectors of four. */
  vector: string | undefined
  /** Whether lanes sum products by fours where both operands lie in memory that way. */
  byFours: boolean
  /** The lanes that share the sums of an element, where several do. */
  sharing: Sharing | undefined
}

/** Neighbouring lanes that compute one element: each a part of what is summed, and all the rest. */
export interface Sharing {
  /** A power of two. */
  readonly lanes: number
  /** Which of them. */
  readonly lane: Dim
  /** The only block in which all lanes arrive. */
  readonly block: Block
  readonly groupLanes: number
  /** Of group memory, by which values of a type are joined. */
  readonly arrays: Map<ScalarType, string>
  /** Set where something is summed elsewhere: then every lane would do all of it. */
  isRefused: boolean
}

/** A run of statements with a memory of what they computed. */
export interface Block {
  readonly stmts: Stmt[]
  readonly memo: Map<string, Expr>
  readonly parent: Block | undefined
  /** How often it runs in one launch. */
  readonly times: Dim
  /** The loop variable, of a block whose other statements may also stand before the loop. */
  readonly variable?: string
}

/** Returns a context for one group. */
export function createKernelContext(
  group: Group,
  producers: ReadonlyMap<Value, AnyOp>,
  ownerOf: (value: Value) => Value | undefined,
  namer: Namer = createNamer(),
): KernelContext {
  return {
    group,
    namer,
    producers,
    ownerOf,
    params: new Map(),
    arrays: [],
    computed: new Map(),
    flops: 0,
    vector: undefined,
    byFours: false,
    sharing: undefined,
  }
}

/** Returns an empty block inside another. */
export function createBlock(parent: Block | undefined, times: Dim): Block {
  return { stmts: [], memo: new Map(), parent, times }
}

/** Returns the block of a loop: what does not depend on its variable is computed before it. */
export function createLoopBlock(parent: Block, variable: string, size: Dim): Block {
  return { stmts: [], memo: new Map(), parent, times: dims.mul(parent.times, size), variable }
}

/** Returns the outermost block in which a tuple's element can be computed. */
export function homeOf(block: Block, tuple: Tuple): Block {
  const { variable, parent, stmts } = block
  if (variable === undefined || parent === undefined) return block
  const names = new Set(tuple.flatMap((index) => dims.symbolsOf(index).map((s) => s.name)))
  const isOwn = names.has(variable) || stmts.some((stmt) => stmt.kind === 'let' && names.has(stmt.name))
  return isOwn ? block : homeOf(parent, tuple)
}

/** Returns what an enclosing block computed under a key. */
export function recall(block: Block, key: string): Expr | undefined {
  for (let b: Block | undefined = block; b !== undefined; b = b.parent) {
    const known = b.memo.get(key)
    if (known !== undefined) return known
  }
  return undefined
}

/** Returns the type that a stored dtype is computed in. */
export function scalarOf(dtype: DType): ScalarType {
  return scalars[dtype]
}

const scalars: { readonly [D in DType]: ScalarType } = {
  f32: 'f32',
  f16: 'f32',
  bf16: 'f32',
  i32: 'i32',
  i8: 'i32',
  u32: 'u32',
  u8: 'u32',
  bool: 'bool',
}

/** Returns the parameter for the buffer of a value. */
export function paramFor(context: KernelContext, owner: Value, access: 'read' | 'write'): string {
  const param = context.params.get(owner) ?? {
    name: context.namer.name('p'),
    dtype: owner.type.dtype,
    reads: false,
    writes: false,
  }
  context.params.set(owner, param)
  if (access === 'read') param.reads = true
  else param.writes = true
  return param.name
}

/** Returns the parameters in order of first use. */
export function paramsOf(context: KernelContext): readonly KernelParam[] {
  return [...context.params.values()].map(({ name, dtype, reads, writes }) => ({
    name,
    dtype,
    access: reads && writes ? 'readWrite' : writes ? 'write' : 'read',
  }))
}

/** Returns a fresh array in group memory. */
export function groupArray(context: KernelContext, type: ScalarType, width: 1 | 4, length: number): string {
  const name = context.namer.name('a')
  context.arrays.push({ name, type, width, length })
  return name
}

/** Names an expression, and returns the name. Constants and locals stay as they are. */
export function bind(context: KernelContext, block: Block, value: Expr): Expr {
  if (value.kind === 'const' || value.kind === 'index' || (value.kind === 'local' && value.element === undefined))
    return value
  const name = context.namer.name('v')
  block.stmts.push({ kind: 'let', name, value })
  return { kind: 'local', type: value.type, width: value.width, name }
}

/** Stores a value of the group at a tuple into every buffer that wants it. */
export function storeValue(context: KernelContext, block: Block, store: Store, tuple: Tuple, value: Expr): void {
  for (const { owner, part } of store.targets) {
    const at = part === undefined ? tuple : tuple.map((e, axis) => (axis === part.axis ? dims.add(e, part.offset) : e))
    const shape = part === undefined ? store.value.type.shape : owner.type.shape
    invariant(at.length === shape.length, 'a store has as many indices as its buffer has axes')
    storeAt(context, block, paramFor(context, owner, 'write'), linearise(at, shape), value)
  }
}

/** A vector goes to neighbouring elements at once, to others one by one. */
function storeAt(context: KernelContext, block: Block, param: string, index: Dim, value: Expr): void {
  const step = context.vector === undefined ? 0 : dims.slopeOf(index, context.vector)
  if (context.vector === undefined || step === 0) {
    block.stmts.push({ kind: 'store', param, index, value })
  } else if (step === 1) {
    block.stmts.push({ kind: 'store', param, index, value: widen(value, 4) })
  } else {
    const bound = value.width === 4 ? bind(context, block, value) : value
    for (const at of [0, 1, 2, 3]) {
      const lane: Expr = bound.width === 4 ? { kind: 'component', type: bound.type, width: 1, arg: bound, at } : bound
      block.stmts.push({ kind: 'store', param, index: atLane(index, context.vector, at), value: lane })
    }
  }
}

/** Returns an index for one of the four neighbours that a symbol stands for. */
export function atLane(index: Dim, symbol: string, lane: number): Dim {
  const own = dims.symbolsOf(index).find((s) => s.name === symbol)
  if (own === undefined || lane === 0) return index
  const first = new Polynomial([{ coefficient: 1, atoms: [own] }], own.key)
  return dims.substitute(index, new Map([[symbol, dims.add(first, lane)]]))
}

/** Returns the constant `value`. */
export function constant(type: ScalarType, value: number): Expr {
  return { kind: 'const', type, width: 1, value: type === 'f32' ? Math.fround(value) : value }
}

/** Returns the elementwise op applied to its operands; scalars among vectors stand for equal components. */
export function apply(op: Extract<Expr, { kind: 'apply' }>['op'], type: ScalarType, ...args: readonly Expr[]): Expr {
  const width = widest(args)
  return { kind: 'apply', type, width, op, args: args.map((arg) => widen(arg, width)) }
}

/** Returns a * b + c. */
export function multiplyAdd(type: ScalarType, ...[a, b, c]: readonly [Expr, Expr, Expr]): Expr {
  const width = widest([a, b, c])
  return { kind: 'multiplyAdd', type, width, args: [widen(a, width), widen(b, width), widen(c, width)] }
}

/** Returns a value with `width` components; a scalar stands for equal ones. */
export function widen(expr: Expr, width: Width): Expr {
  if (expr.width === width) return expr
  return expr.kind === 'const' ? { ...expr, width } : { kind: 'splat', type: expr.type, width, arg: expr }
}

function widest(args: readonly Expr[]): Width {
  return args.reduce<Width>((width, arg) => (arg.width > width ? arg.width : width), 1)
}

/** Returns an index expression as a value. */
export function indexExpr(value: Dim): Expr {
  return typeof value === 'number' ? constant('i32', value) : { kind: 'index', type: 'i32', width: 1, value }
}

/** Returns `left < right` (or >=) as a bool. */
export function testIndex(left: Dim, relation: '<' | '>=', right: Dim): Expr {
  return apply(relation === '<' ? 'lt' : 'ge', 'bool', indexExpr(left), indexExpr(right))
}

/** Returns the conjunction; undefined for none. */
export function allOf(tests: readonly Expr[]): Expr | undefined {
  return tests.length === 0 ? undefined : tests.reduce((a, b) => apply('and', 'bool', a, b))
}
