// program-data: what a compiled module hands to a runtime
//
// Types only, and one number: what is the same on every target. The compiler emits literals of these types, and of those
// in `target-data.ts`; runtimes read them. Raise CONTRACT_VERSION with every change that an old runtime would misread.

import type { Definition, DType, Instance, TypedArray } from './contract.ts'

/** The version of the data forms below; a runtime refuses another. */
export const CONTRACT_VERSION = 1

/** A symbolic dimension: name, min, max (0: unbounded), multipleOf. */
export type DimData = readonly [name: string, min: number, max: number, multipleOf: number]

/** An input or output: dotted path (`state.h`, `xs.0`), dtype, and its axes as printed in messages (`'B'`, `784`, `'2*T'`). */
export type SlotData = readonly [path: string, dtype: DType, axes: readonly (string | number)[]]

/** A tensor of the weights file: state_dict path, dtype, shape, how to draw it from a seed, role. */
export type WeightData = readonly [
  path: string,
  dtype: DType,
  shape: readonly number[],
  init: InitData,
  role: 'param' | 'buffer',
]

/** constant value · uniform [low, high) · normal (mean, deviation). */
export type InitData = number | readonly ['uniform' | 'normal', number, number]

/** A tensor known at build: dtype, shape, row-major elements. */
export type ConstantData = readonly [dtype: DType, shape: readonly number[], data: readonly number[]]

/**
 * What a program takes and gives beside the inputs and outputs of the app. `shapes` has all of it, `inputs` and `outputs`
 * have none: the host adds it for drivers (`hidden-slots.ts`).
 */
export interface HiddenData {
  /** It takes the seed of the run, u32[2], after its inputs. */
  readonly seed?: 1
  /** What each `check` says, and its place. An i32 scalar after the outputs is 0, or the number of the first that failed. */
  readonly checks?: readonly (readonly [message: string, place: string])[]
  /** What `print` shows, as further outputs; their paths are the labels. */
  readonly prints?: readonly SlotData[]
  /** The weights that the last outputs replace when the run ends. */
  readonly updates?: readonly number[]
}

/** A tensor as a host function gets it: a copy of the elements, row-major; f16 and bf16 as bits, bool as 0 and 1. */
export interface HostArray {
  readonly dtype: DType
  readonly shape: readonly number[]
  readonly data: TypedArray
}

/** A call of a function of the app, between two stages of a program. */
export interface HostCallData {
  /** Takes arrays (`HostArray`) and returns data as `gives` says. */
  readonly fn: (...args: HostArray[]) => unknown
  /** The outputs of the stage before that it takes, by name. */
  readonly takes: readonly string[]
  /** What it returns: paths within it, dtypes. */
  readonly gives: readonly SlotData[]
  /** The names under which later stages take what it returns. */
  readonly as: readonly string[]
  /** The shapes of what it returns. */
  readonly shapes: (...dims: readonly number[]) => readonly (readonly number[])[]
}

/** What a stage has beside. */
export interface StageData {
  /** The weights that it needs; those of the first stage are all. */
  readonly uses?: readonly number[]
}

/**
 * One program with calls of the host in between, in the place of a program of the target: what the app sees of it, and
 * a program for each stage, in terms of the same dimensions. Stages name what they take and leave; the first takes all inputs
 * and the last leaves all outputs, those included that `hidden` names.
 */
export interface StagedProgramData<Program> {
  readonly stages: readonly (Program & StageData)[]
  /** One after each stage but the last. */
  readonly calls: readonly HostCallData[]
}

/** A kernel of a program: its name, and where the model says what it computes, `file:line:column`. */
export type KernelName = readonly [name: string, place: string]

/** What `profile` tells of a program's kernels; where an instance can be profiled. */
export interface ProfileData {
  readonly kernels: readonly KernelName[]
  /** Which of them each kernel of the program is; in WebAssembly, each launch. */
  readonly of: readonly number[]
}

/** The part of a program that is the same on every target. */
export interface ProgramSignature {
  readonly dims: readonly DimData[]
  readonly inputs: readonly SlotData[]
  readonly outputs: readonly SlotData[]
  /** Values of the dimensions from the shapes of the inputs (in the order of `inputs`). */
  readonly solve: (shapes: readonly (readonly number[])[]) => readonly number[]
  /** The shapes of all inputs, then all outputs. The host reads those of the inputs; the rest is for the driver. */
  readonly shapes: (...dims: readonly number[]) => readonly (readonly number[])[]
  /**
   * What else it takes and gives. Drivers find slots of it in `inputs` and `outputs` as any other, and copy the last outputs
   * over the weights that `updates` names.
   */
  readonly hidden?: HiddenData
}

/** A program with an arena: every one that is compiled. */
export interface ArenaProgram extends ProgramSignature {
  /**
   * The buffers of the arena for these dimensions, in the order in which they are to be placed: bytes of t0, the first and
   * the last launch that uses it, then those of t1, …. `OpenRequest.place` lays them out.
   */
  readonly arena: (...dims: readonly number[]) => readonly number[]
  readonly profile?: ProfileData
}

/** A compiled model: what the emitted module passes to a runtime's `program`. */
export interface DefinitionData<Program> {
  readonly contract: number
  readonly name: string
  readonly weights: readonly WeightData[]
  readonly constants: readonly ConstantData[]
  readonly programs: { readonly eval: Program; readonly train?: Program }
  /** The programs of calls that leave out optional inputs, one for each combination. `programs` have all inputs. */
  readonly without?: { readonly eval?: readonly Program[]; readonly train?: readonly Program[] }
  /**
   * `manyPrograms` of the runtime, where there are several, or any has hidden slots; `hostCalls` where any calls the host. On WebGPU
   * `halfStorage` of one of them, where any holds f16.
   */
  readonly many?: ((...given: never[]) => Promise<Instance>) | undefined
  /** The same model as plain TypeScript, for `target: 'eager'`; a separate chunk that is fetched only when asked for. */
  readonly eager?: () => Promise<Definition>
  /** The same model in WebAssembly, for `target: 'wasm'` and where this target is not to be had. */
  readonly wasm?: () => Promise<Definition>
  /** The same model on WebGPU, where this is its form for another target. */
  readonly webgpu?: () => Promise<Definition>
  /** The same model on CUDA, where this is its form for another target. */
  readonly cuda?: () => Promise<Definition>
}
