// machine: what kind of processor kernels are formed for, and the sizes that decide what they fuse
//
// Lanes: groups of lanes with memory of their own (a GPU). Loops: one lane a group, caches, vectors of four (a CPU).

import type { MatrixUnit } from '../ir/kernel/kernel.ts'

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
  /** Elements of group memory by way of which results are written. */
  readonly written: number
}

/** A shape of tiles for contractions on matrix units: each warp has the same part of it, of whole units. */
export interface MatrixTileShape {
  readonly rows: number
  readonly columns: number
  readonly warpRows: number
  readonly warpColumns: number
  /** Places for slices of each operand: one is read while the others are on their way. */
  readonly slots: number
  readonly leastTiles: number
  /** The part of all tiles that has to be results. */
  readonly leastFilled: number
}

/** A contraction with few columns: each lane has some rows of its own, and all columns or a block of them. */
export interface ColumnsShape {
  readonly lanes: number
  /** Rows of a lane at most; fewer where there would not be as many groups as `leastGroups`. */
  readonly rows: number
  readonly leastGroups: number
  /** Columns of a lane, and of the contraction, at most. */
  readonly columns: number
  readonly mostColumns: number
  /** Elements of the columns that are staged at a time. */
  readonly staged: number
  /** Elementwise ops that are written out for each result. */
  readonly epilogue: number
  /** Steps of the depth that are written out. */
  readonly unrolled: number
}

/** What multiplies small matrices at once, and tiles for it. */
export interface MatrixUnits {
  readonly units: readonly MatrixUnit[]
  /** Bytes of the depth that are staged at a time. */
  readonly depthBytes: number
  /** Large ones first; where none fits there is no tile of this kind. */
  readonly tiles: readonly MatrixTileShape[]
  /** Of units of four warps, which take operands from group memory: their rows, and columns at least and at most. */
  readonly fourWarps?: { readonly rows: number; readonly leastColumns: number; readonly mostColumns: number }
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
  /** Whether what sums may be computed at several places of the kernel that reads it, where that is no more work than one. */
  readonly severalPlaces: boolean
  /** Whether products of matrices are noted, so that a library may compute them in place of kernels. */
  readonly notesProducts: boolean
  /** Elements of a map from which on lanes compute four neighbours each. */
  readonly vectorElements: number
  /** Whether lanes walk rows four neighbours at a time. */
  readonly rowVectors: boolean
  /** Shapes of tiles, large ones first; the last one does for everything. */
  readonly tiles: readonly TileShape[]
  /** What dimensions may be besides what is usual, from less to more: contractions have kernels for these, too. */
  readonly assumed: readonly number[]
  /** How contractions with few columns are computed, where not in tiles. */
  readonly columns: ColumnsShape | undefined
  /** What multiplies small matrices at once, where something does. */
  readonly matrices?: MatrixUnits
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
  severalPlaces: false,
  notesProducts: false,
  vectorElements: Infinity,
  rowVectors: false,
  columns: {
    lanes: 64,
    rows: 2,
    leastGroups: 64,
    columns: 16,
    mostColumns: 64,
    staged: 2048,
    epilogue: 3,
    unrolled: 1,
  },
  // group memory: at most 3,584 of the default 4,096 elements
  tiles: [
    { lanes: 64, rowBlocks: 2, columnBlocks: 2, leastTiles: 96, padding: 0, written: 1024 },
    { lanes: 64, rowBlocks: 1, columnBlocks: 1, leastTiles: 0, padding: 0, written: 1024 },
  ],
  // a page is not to ship kernels for what is rare
  assumed: [],
}

/** Tiles for what has few rows or columns, or little work. */
const smallMatrices: readonly MatrixTileShape[] = [
  { rows: 32, columns: 32, warpRows: 2, warpColumns: 1, slots: 4, leastTiles: 0, leastFilled: 1 / 2 },
  { rows: 16, columns: 64, warpRows: 1, warpColumns: 4, slots: 4, leastTiles: 0, leastFilled: 1 / 2 },
  { rows: 64, columns: 16, warpRows: 4, warpColumns: 1, slots: 4, leastTiles: 0, leastFilled: 1 / 2 },
]

/**
 * Tensor cores. A slice of a tile of 128 by 128 is 16 KiB: three of them are the 48 KiB that a kernel has without being
 * asked, and the sums take their place in the end. Its warps have 64 by 64 each: what a warp reads of both operands is used
 * 64 times. What comes from the second cache is used more often in a tile of 128 by 256, four slices of which are 96 KiB.
 */
const tensorCores: MatrixUnits = {
  units: [
    { elements: 'bf16', rows: 16, columns: 16, depth: 16, warps: 1 },
    { elements: 'f16', rows: 16, columns: 16, depth: 16, warps: 1 },
  ],
  depthBytes: 64,
  tiles: [
    { rows: 128, columns: 256, warpRows: 2, warpColumns: 4, slots: 4, leastTiles: 120, leastFilled: 5 / 8 },
    { rows: 256, columns: 128, warpRows: 4, warpColumns: 2, slots: 4, leastTiles: 120, leastFilled: 5 / 8 },
    { rows: 128, columns: 128, warpRows: 2, warpColumns: 2, slots: 3, leastTiles: 96, leastFilled: 5 / 8 },
    { rows: 64, columns: 128, warpRows: 2, warpColumns: 2, slots: 4, leastTiles: 96, leastFilled: 5 / 8 },
    { rows: 128, columns: 64, warpRows: 2, warpColumns: 2, slots: 4, leastTiles: 96, leastFilled: 5 / 8 },
    { rows: 64, columns: 64, warpRows: 2, warpColumns: 2, slots: 4, leastTiles: 48, leastFilled: 5 / 8 },
    ...smallMatrices,
    ...smallMatrices.map((tile) => ({ ...tile, leastFilled: 1 / 4 })),
  ],
}

/** A large GPU with 48 KiB of group memory: tiles of 128, 64 and 32 rows and columns, tensor cores for halves. */
export const cuda: Machine = {
  ...lanes,
  hasWords: false,
  stagedElements: 10_240,
  notesProducts: true,
  vectorElements: 65_536,
  rowVectors: true,
  tiles: [
    { lanes: 256, rowBlocks: 2, columnBlocks: 2, leastTiles: 96, padding: 1, written: 4096 },
    { lanes: 128, rowBlocks: 2, columnBlocks: 1, leastTiles: 48, padding: 1, written: 4096 },
    { lanes: 64, rowBlocks: 1, columnBlocks: 1, leastTiles: 0, padding: 1, written: 4096 },
  ],
  assumed: [512, 4096],
  columns: {
    lanes: 128,
    rows: 4,
    leastGroups: 264,
    columns: 16,
    mostColumns: 64,
    staged: 8192,
    epilogue: 8,
    unrolled: 12,
  },
  matrices: tensorCores,
}

/** The same, with products of f32 rounded to tf32. */
export const cudaTf32: Machine = {
  ...cuda,
  matrices: {
    ...tensorCores,
    units: [...tensorCores.units, { elements: 'tf32', rows: 16, columns: 16, depth: 8, warps: 1 }],
  },
}

/** Returns a machine with the units of Hopper (compute capability 9.0) besides: launches and their memory stay the same. */
export function onHopper(machine: Machine): Machine {
  const { matrices } = machine
  const fourWarps = { rows: 64, leastColumns: 64, mostColumns: 256 }
  return matrices === undefined ? machine : { ...machine, matrices: { ...matrices, fourWarps } }
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
  severalPlaces: false,
  notesProducts: false,
  vectorElements: Infinity,
  rowVectors: false,
  columns: undefined,
  tiles: [],
  assumed: [],
}

/** One group of lanes that stays while control flow runs: every lane computes whole elements. */
export const resident: Machine = { ...lanes, cooperates: false, operandWork: Infinity, dotProducts: false }

/** Several such groups, for which what one lane leaves to another takes a barrier of all of them. */
export const residents: Machine = { ...resident, severalPlaces: true }

/** The machines by name. */
export const machines: {
  readonly lanes: Machine
  readonly cuda: Machine
  readonly cudaTf32: Machine
  readonly hopper: Machine
  readonly hopperTf32: Machine
  readonly loops: Machine
} = { lanes, cuda, cudaTf32, hopper: onHopper(cuda), hopperTf32: onHopper(cudaTf32), loops }

/** The name of a machine. */
export type MachineName = keyof typeof machines
