// machine: what kind of processor kernels are formed for, and the sizes that decide what they fuse
//
// Lanes: groups of lanes with memory of their own (a GPU). Loops: one lane a group, caches, vectors of four (a CPU).

/** A shape of tiles for contractions. */
export interface TileShape {
  readonly lanes: number
  /** Blocks of 4 by 4 results of each lane, along each axis. */
  readonly rowBlocks: number
  readonly columnBlocks: number
  /** How many such tiles there have to be. */
  readonly leastTiles: number
  /** Vectors of group memory left free after each step of the depth. */
  readonly padding: number
}

/** The limits by which values join a kernel. */
export interface Machine {
  readonly kind: 'lanes' | 'loops'
  /** Whether narrow elements other than f16 take words of 32 bits in memory. */
  readonly hasWords: boolean
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
  /** Elements of a map from which on lanes compute four neighbours each. */
  readonly vectorElements: number
  /** Whether lanes walk rows four neighbours at a time. */
  readonly rowVectors: boolean
  /** Shapes of tiles, large ones first; the last one does for everything. */
  readonly tiles: readonly TileShape[]
}

/** A GPU: 3,072 of the 4,096 elements in the default 16 KiB of group memory. */
export const lanes: Machine = {
  kind: 'lanes',
  hasWords: true,
  cooperates: true,
  cooperativeReduction: 64,
  stagedElements: 3072,
  sharedRowWork: 16_384,
  ownRowWork: 131_072,
  singleRow: 262_144,
  operandWork: 16,
  opsPerKernel: 64,
  smallContraction: 16_384,
  dotProducts: true,
  vectorElements: Infinity,
  rowVectors: false,
  // group memory: at most 3,328 of the default 4,096 elements
  tiles: [{ lanes: 64, rowBlocks: 1, columnBlocks: 1, leastTiles: 0, padding: 0 }],
}

/** A large GPU with 48 KiB of group memory: tiles of 128, 64 and 32 rows and columns. */
export const cuda: Machine = {
  ...lanes,
  hasWords: false,
  stagedElements: 10_240,
  vectorElements: 65_536,
  rowVectors: true,
  tiles: [
    { lanes: 256, rowBlocks: 2, columnBlocks: 2, leastTiles: 96, padding: 1 },
    { lanes: 128, rowBlocks: 2, columnBlocks: 1, leastTiles: 48, padding: 1 },
    { lanes: 64, rowBlocks: 1, columnBlocks: 1, leastTiles: 0, padding: 1 },
  ],
}

/** A CPU: rows stay in the first cache, windows of pooling are summed in registers, contractions are tiled and never part of a row. */
export const loops: Machine = {
  kind: 'loops',
  hasWords: false,
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
  vectorElements: Infinity,
  rowVectors: false,
  tiles: [],
}

/** One group of lanes that stays while control flow runs: every lane computes whole elements. */
export const resident: Machine = { ...lanes, cooperates: false, operandWork: Infinity, dotProducts: false }

/** The machines by name. */
export const machines: { readonly lanes: Machine; readonly cuda: Machine; readonly loops: Machine } = {
  lanes,
  cuda,
  loops,
}

/** The name of a machine. */
export type MachineName = keyof typeof machines
