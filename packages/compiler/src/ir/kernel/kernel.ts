// kernel: loops, thread axes, memory scopes; still no target
//
// Every decision (tile, vector width, what is staged in group memory, which axis is grid, lane or serial) is taken
// before this form exists, so a printer decides nothing. Indices are Dim expressions over symbols: dimensions of the
// signature, `g0 g1 g2` (which group), `l0 l1 l2` (which lane of the group), loop variables, `let`s of dtype i32 and
// `s0 s1 …` (scalar arguments of a launch). Names are unique within a kernel.

import type { Dim, DType, ElementwiseKind } from '@tsjit/dsl/compiler'
import type { GroupProduct } from './matrix-unit.ts'

/** What a lane computes in. Storage dtypes (f16, i8, …) are widened by loads and narrowed by stores. */
export type ScalarType = 'f32' | 'i32' | 'u32' | 'bool'

/** Components of a value: a scalar, or a vector of 2 or 4. */
export type Width = 1 | 2 | 4

/** The elementwise primitives, which are also the arithmetic of kernels. */
export type ScalarOp = Exclude<ElementwiseKind, 'cast'>

/** An expression; `type` and `width` of its value are explicit. Pure: shared nodes may be evaluated once or often. */
export type Expr =
  /** Any f32 (NaN and infinities too), an integer, or 0/1 for bool; a vector has equal components. */
  | { readonly kind: 'const'; readonly type: ScalarType; readonly width: Width; readonly value: number }
  /** An index expression as an i32. */
  | { readonly kind: 'index'; readonly type: 'i32'; readonly width: 1; readonly value: Dim }
  /** A `let` or `var`; `element` for a var that is an array. */
  | {
      readonly kind: 'local'
      readonly type: ScalarType
      readonly width: Width
      readonly name: string
      readonly element?: Dim
    }
  /**
   * Element `index` of a buffer parameter; a vector reads `width` elements from there. Where a group has several lanes,
   * index is then a multiple of width. In range by contract (guards are `if`s and `where`s around it; a load under a `where` may be out of range
   * and must then not trap).
   */
  | {
      readonly kind: 'load'
      readonly type: ScalarType
      readonly width: Width
      readonly param: string
      readonly index: Dim
    }
  /** Element `index` of an array in group memory; a vector of an array of scalars is a run of them, as of a buffer. */
  | {
      readonly kind: 'groupLoad'
      readonly type: ScalarType
      readonly width: Width
      readonly array: string
      readonly index: Dim
    }
  /** An elementwise primitive with the meaning that the DSL gives it; operands of equal type and width. */
  | {
      readonly kind: 'apply'
      readonly type: ScalarType
      readonly width: Width
      readonly op: ScalarOp
      readonly args: readonly Expr[]
    }
  /** a * b + c; may be fused or not. */
  | {
      readonly kind: 'multiplyAdd'
      readonly type: ScalarType
      readonly width: Width
      readonly args: readonly [Expr, Expr, Expr]
    }
  /**
   * The sum of products of halves: each lane of a and b is two signed integers of 16 bits, the result in a lane low * low +
   * high * high + c, wrapping.
   */
  | {
      readonly kind: 'multiplyAddHalves'
      readonly type: ScalarType
      readonly width: Width
      readonly args: readonly [Expr, Expr, Expr]
    }
  /** Value conversion, as the `cast` primitive. */
  | { readonly kind: 'cast'; readonly type: ScalarType; readonly width: Width; readonly arg: Expr }
  /** A scalar in every component. */
  | { readonly kind: 'splat'; readonly type: ScalarType; readonly width: Width; readonly arg: Expr }
  /** A vector from scalars. */
  | { readonly kind: 'pack'; readonly type: ScalarType; readonly width: Width; readonly args: readonly Expr[] }
  /** A vector of the sums over the components of four vectors: component i is the sum of `args[i]`. */
  | {
      readonly kind: 'sums'
      readonly type: ScalarType
      readonly width: 4
      readonly args: readonly [Expr, Expr, Expr, Expr]
    }
  /** One component of a vector. */
  | {
      readonly kind: 'component'
      readonly type: ScalarType
      readonly width: 1
      readonly arg: Expr
      readonly at: number
    }

/** What lanes join values by: the same for any order, but for rounding. */
export type CombineOp = 'add' | 'mul' | 'maximum' | 'minimum' | 'and' | 'or'

/**
 * What multiplies small matrices at once: `rows` by `depth` times `depth` by `columns`, products of elements of this type
 * summed in f32. tf32 is f32 with 10 bits of mantissa, to which its operands are rounded.
 */
export interface MatrixUnit {
  readonly elements: 'f16' | 'bf16' | 'tf32'
  readonly rows: number
  readonly columns: number
  readonly depth: number
  /** Warps that hold its sums together. One takes operands from registers, four of them from group memory. */
  readonly warps: 1 | 4
}

/** A statement. */
export type Stmt =
  /** An immutable local; of dtype i32 and width 1 it is also a symbol in index expressions. */
  | { readonly kind: 'let'; readonly name: string; readonly value: Expr }
  /** A mutable local in registers, or an array of `length` of them. */
  | {
      readonly kind: 'var'
      readonly name: string
      readonly type: ScalarType
      readonly width: Width
      readonly length?: number
      readonly init: Expr
    }
  | { readonly kind: 'set'; readonly name: string; readonly element?: Dim; readonly value: Expr }
  /** name = 0 .. count-1; `unroll` asks for straight-line code (count is then a number). */
  | {
      readonly kind: 'for'
      readonly name: string
      readonly count: Dim
      readonly unroll: boolean
      readonly body: readonly Stmt[]
    }
  | {
      readonly kind: 'if'
      readonly condition: Expr
      readonly then: readonly Stmt[]
      readonly otherwise: readonly Stmt[]
    }
  | { readonly kind: 'store'; readonly param: string; readonly index: Dim; readonly value: Expr }
  | { readonly kind: 'groupStore'; readonly array: string; readonly index: Dim; readonly value: Expr }
  /**
   * An immutable i32 that all lanes of a group take from the first one, by way of an array of one element in group
   * memory; a barrier of group memory besides. Only in uniform control flow, which may then depend on it.
   */
  | { readonly kind: 'agree'; readonly name: string; readonly array: string; readonly value: Expr }
  /**
   * An immutable that all lanes of a group get: the values of all lanes, joined two by two in some order; with `lanes`, a power
   * of two up to 32, those of as many neighbours, the first of which has a multiple of it as its number. By way of an
   * array of as many elements as lanes, or without where a target has better means; a barrier of group memory besides. Only in uniform
   * control flow, once, and where all lanes are along the first axis, a power of two of them.
   */
  | {
      readonly kind: 'combine'
      readonly name: string
      readonly array: string
      readonly op: CombineOp
      readonly value: Expr
      readonly lanes?: number
    }
  /** name = 0, 1, … for as long as the condition holds, which sees what `test` declares. */
  | {
      readonly kind: 'while'
      readonly name: string
      readonly test: readonly Stmt[]
      readonly condition: Expr
      readonly body: readonly Stmt[]
    }
  /**
   * All lanes of the group arrive, and see each other's group memory, or what each has stored to buffers. `grid`: all lanes
   * of all groups arrive, and see all memory; a launch has then no more groups than run at once. Only in control flow that
   * is uniform for those who arrive.
   */
  | { readonly kind: 'barrier'; readonly memory: 'group' | 'buffers' | 'grid' }
  /**
   * Starts to copy 16 bytes, from element `index` of a buffer to element `at` of an array that keeps elements as the
   * buffer does; zeros where the condition does not hold, and nothing is then read. Until it has arrived nobody touches
   * the one or writes the other.
   */
  | {
      readonly kind: 'copy'
      readonly array: string
      readonly at: Dim
      readonly param: string
      readonly index: Dim
      readonly condition?: Expr
    }
  /** What this lane has started to copy since the last one is a batch. */
  | { readonly kind: 'commitCopies' }
  /** All batches of this lane but the last `pending` have arrived; other lanes see them after a barrier. */
  | { readonly kind: 'awaitCopies'; readonly pending: number }
  /**
   * Declares sums: a matrix of a unit's rows by columns, all 0, that the lanes of its warps hold together: 32 neighbours
   * along the first axis each. All of them arrive at each statement over fragments, with the same indices.
   */
  | { readonly kind: 'fragment'; readonly name: string; readonly unit: MatrixUnit }
  /**
   * Declares an operand of a unit from group memory: side 0 has rows, side 1 columns, each a run of `depth` elements, the next
   * one `stride` elements on. `isAcross`: runs go along rows (columns), and the next one is the next of the depth.
   */
  | {
      readonly kind: 'loadFragment'
      readonly name: string
      readonly unit: MatrixUnit
      readonly side: 0 | 1
      readonly array: string
      readonly index: Dim
      readonly stride: number
      readonly isAcross: boolean
    }
  /** Adds the product of two operands to sums. */
  | { readonly kind: 'multiplyFragments'; readonly name: string; readonly left: string; readonly right: string }
  /**
   * Starts to add products of matrices in group memory to sums, a batch of them. Until it has come nobody touches the sums
   * or writes the matrices.
   */
  | { readonly kind: 'startProducts'; readonly products: readonly GroupProduct[] }
  /** All batches of these warps but the last `pending` have come. */
  | { readonly kind: 'awaitProducts'; readonly pending: number }
  /** Stores sums, or `columns` of them, to an array of f32, row by row, the next one `stride` elements on. */
  | {
      readonly kind: 'storeFragment'
      readonly name: string
      readonly array: string
      readonly index: Dim
      readonly stride: number
      readonly columns?: { readonly first: number; readonly count: number }
    }

/** Statements that only targets with matrix units and asynchronous copies have. */
export type MatrixStmtKind =
  | 'copy'
  | 'commitCopies'
  | 'awaitCopies'
  | 'fragment'
  | 'loadFragment'
  | 'multiplyFragments'
  | 'startProducts'
  | 'awaitProducts'
  | 'storeFragment'

/** A buffer that a kernel reads or writes. `dtype` is how it is stored. */
export interface KernelParam {
  readonly name: string
  readonly dtype: DType
  readonly access: 'read' | 'write' | 'readWrite'
}

/** An array in memory that the lanes of one group share. */
export interface GroupArray {
  readonly name: string
  readonly type: ScalarType
  readonly width: Width
  readonly length: number
  /** Elements of f32 that are kept as halves: stores narrow, loads widen. They are then scalars. */
  readonly stored?: 'f16' | 'bf16'
  /**
   * Elements of a row, where lanes read neighbouring rows: 'runs' of 16 bytes of eight rows, or 'words' of four. Runs of 16 bytes may
   * lie in another order in each row, so that such reads do not meet in one bank; no access goes beyond one.
   */
  readonly rows?: { readonly length: number; readonly read: 'runs' | 'words' }
  /** The byte at which it begins, in one memory for all arrays that have this: where two overlap, one loses what it held. */
  readonly place?: number
}

/** One kernel. */
export interface Kernel {
  /** From the ops it computes (`contract_add_maximum`), an identifier. */
  readonly name: string
  readonly params: readonly KernelParam[]
  /** The dimensions of the program, all of them, in order: every kernel of a program gets the same. */
  readonly dims: readonly string[]
  /** How many scalar arguments a launch passes (`s0`, `s1`, …). */
  readonly scalars: number
  readonly lanes: readonly [number, number, number]
  readonly arrays: readonly GroupArray[]
  readonly body: readonly Stmt[]
}
