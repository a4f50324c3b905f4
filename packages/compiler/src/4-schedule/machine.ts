// machine: what kind of processor kernels are formed for, and the sizes that decide what they fuse
//
// Lanes: groups of lanes with memory of their own (a GPU). Loops: one lane a group, caches, vectors of four (a CPU).

/** The limits by which values join a kernel. */
export interface Machine {
  readonly kind: 'lanes' | 'loops'
  /** Whether kernels may share rows among lanes, and tile contractions. */
  readonly cooperates: boolean
  /** Reductions of fewer elements than this run inside one lane. */
  readonly cooperativeReduction: number
  /** Elements that intermediate rows of one kernel may take. */
  readonly stagedElements: number
  /** Multiply-adds a row for a contraction whose other operand every row reads (weights). */
  readonly sharedRowWork: number
  /** The same where each row has its own (attention). */
  readonly ownRowWork: number
  /** Elements that one group may walk when a whole tensor is one row. */
  readonly singleRow: number
  /** Work (in adds) on an operand of a tiled contraction that every tile may do again. */
  readonly operandWork: number
  /** Ops of one kernel: more take long to compile, and gain nothing. */
  readonly opsPerKernel: number
  /** Multiply-adds of a whole contraction below which a tile would be mostly empty: each lane sums its own. */
  readonly smallContraction: number
  /** Whether a contraction with few rows or columns is computed as cooperative sums. */
  readonly dotProducts: boolean
}

/** A GPU: 3,072 of the 4,096 elements in the default 16 KiB of group memory. */
export const lanes: Machine = {
  kind: 'lanes',
  cooperates: true,
  cooperativeReduction: 64,
  stagedElements: 3072,
  sharedRowWork: 16_384,
  ownRowWork: 131_072,
  singleRow: 262_144,
  operandWork: 16,
  opsPerKernel: Infinity,
  smallContraction: 16_384,
  dotProducts: true,
}

/** A CPU: rows stay in the first cache, windows of pooling are summed in registers, contractions are tiled and never part of a row. */
export const loops: Machine = {
  kind: 'loops',
  cooperates: true,
  cooperativeReduction: 10,
  stagedElements: 8192,
  sharedRowWork: 0,
  ownRowWork: 0,
  singleRow: Infinity,
  operandWork: 0,
  opsPerKernel: 256,
  smallContraction: 0,
  dotProducts: false,
}

/** One group of lanes that stays while control flow runs: every lane computes whole elements. */
export const resident: Machine = { ...lanes, cooperates: false, operandWork: Infinity, dotProducts: false }
