// types: what the declarations of compiled modules are written in
//
// `digits.d.ts` says `ModelDefinition<{ image: Input<'f32', ['B', 1, 28, 28]> }, { logits: Output<'f32', ['B', 10]> }>`.
// Names of dimensions are literal types that people read; sizes known at build are checked.
import type {
  Definition,
  DType,
  HostTensor,
  Instance,
  LoadOptions,
  Profile,
  ProfileOptions,
  RunOptions,
} from './contract.ts'

/** The sizes of a tensor by axis: a number, or the name or formula of what is known at the call. */
export type Axes = readonly (number | string)[]

/** The typed array that holds elements of a dtype. f16 and bf16 are bits, bool is 0 and 1. */
export type ArrayFor<D extends DType> = {
  readonly f32: Float32Array
  readonly f16: Uint16Array
  readonly bf16: Uint16Array
  readonly i32: Int32Array
  readonly u32: Uint32Array
  readonly i8: Int8Array
  readonly u8: Uint8Array
  readonly bool: Uint8Array
}[D]

/** One element as JavaScript has it. */
export type ElementOf<D extends DType> = D extends 'bool' ? boolean | number : number

/** Nested arrays, one level for each axis; for a scalar the element itself. */
export type Nested<D extends DType, A extends Axes> = A extends readonly [number | string, ...infer Rest extends Axes]
  ? readonly Nested<D, Rest>[] | ArrayFor<D>
  : ElementOf<D>

/** The shape at the call: sizes known at build as they are, all others as numbers. */
export type ShapeOf<A extends Axes> = { readonly [I in keyof A]: A[I] extends number ? A[I] : number }

/** A tensor of one dtype. */
export interface TensorOf<D extends DType> extends HostTensor {
  readonly dtype: D
  data(): Promise<ArrayFor<D>>
}

/** A buffer of the GPU (`GPUBuffer`), described so that this file needs no WebGPU types. */
export interface DeviceBuffer {
  readonly size: number
  readonly usage: number
  readonly mapState: string
}

/**
 * An image that a browser can draw (a canvas, `ImageBitmap`, `ImageData`, image element, video element or `VideoFrame`),
 * described so that this file needs no DOM types.
 */
export type ImageSource =
  | { readonly width: number; readonly height: number }
  | { readonly displayWidth: number; readonly displayHeight: number }

/** Images for an input of f32 (0 to 1) or u8 (0 to 255) that ends in channels, height and width, or channels last. */
export type ImagesFor<D extends DType, A extends Axes> = D extends 'f32' | 'u8'
  ? A extends readonly [...Axes, Channels, Size, Size] | readonly [...Axes, Size, Size, Channels]
    ? ImageSource | readonly ImageSource[]
    : never
  : never

type Channels = 1 | 3 | 4
type Size = number | string

/** What an app may pass for an input. */
export type Input<D extends DType, A extends Axes> =
  | ArrayFor<D>
  | Nested<D, A>
  | TensorOf<D>
  | DeviceBuffer
  | ImagesFor<D, A>
  | { readonly data: ArrayFor<D> | DeviceBuffer; readonly shape: readonly number[] }

/** What an app receives for an output. */
export interface Output<D extends DType, A extends Axes> extends TensorOf<D> {
  readonly shape: ShapeOf<A>
}

/** The arguments of `run` and `profile`; inputs that may all be absent may be so themselves. */
export type CallOf<Inputs, Options = RunOptions> = object extends Inputs
  ? readonly [inputs?: Inputs, options?: Options]
  : readonly [inputs: Inputs, options?: Options]

/** A loaded model whose inputs and outputs are known. */
export interface ModelInstance<Inputs, Outputs> extends Omit<Instance, 'run' | 'profile'> {
  run(...call: CallOf<Inputs>): Promise<Outputs>
  profile(...call: CallOf<Inputs, ProfileOptions>): Promise<Profile>
}

/** A model as the app imports it: cheap, no device work until `load`. */
export interface ModelDefinition<Inputs, Outputs> extends Omit<Definition, 'load'> {
  load(options?: LoadOptions): Promise<ModelInstance<Inputs, Outputs>>
}
