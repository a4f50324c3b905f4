// driver: what a target implements, and what it may rely on
//
// `createDefinition(data, driver)` turns a driver into the whole host API: it reads weights, checks inputs, solves
// dimensions, queues calls, recovers from a lost device and nests the outputs. A driver only moves data and launches.
import type { DType, HostTensor, InstanceInfo, LoadOptions, Target, TypedArray } from './contract.ts'
import type { DefinitionData, ProgramSignature } from './program-data.ts'

/** A target: a stateless object, made once per module. */
export interface Driver<P extends ProgramSignature> {
  readonly target: Target
  /**
   * Opens the device and starts to compile; weights follow by `upload` while that goes on. Throws `target_unavailable`
   * where the machine has no such device, and `target_device_lost` where the device of the app is gone.
   */
  open(request: OpenRequest<P>): Promise<Session<P>>
  /** Whether what `open` was last asked for has the weights already: the host then reads none. */
  readonly hasWeights?: boolean
  /**
   * Returns how many elements a buffer of the app holds (a `GPUBuffer`), or undefined where the value is none that this
   * target can read. Such a buffer stands in `Call.inputs` as it is.
   */
  adopt?(value: object, dtype: DType): number | undefined
  /** While it is on, runs are trials: they print nothing, and leave state as it is. */
  readonly trial?: { readonly isOn: boolean }
  /** Adds what the host fills in (`hidden-slots.ts`); drivers leave it out. */
  complete?(program: P, call: Call): Call
}

/** What a session is opened for. */
export interface OpenRequest<P extends ProgramSignature> {
  readonly data: DefinitionData<P>
  readonly program: P
  /**
   * Lays out buffers in one arena: `[offset0, size0, offset1, size1, …, total]` in bytes, offsets multiples of 256. Given
   * here so that every target uses the copy that a page has.
   */
  readonly place: (buffers: readonly number[]) => readonly number[]
  /** The options of `load`. Its device is never destroyed. */
  readonly options: LoadOptions
}

/** One loaded program on one device. Calls of `run` never overlap; the host queues them. */
export interface Session<P extends ProgramSignature = ProgramSignature> {
  /** The device as it names itself. */
  readonly device: string
  readonly kernels: number
  /** Whether the device is gone. The host then opens another session for the next call. */
  isLost(): boolean
  /** Takes weight `index` in the dtype the model declares. The array may be reused after the call: copy what stays. */
  upload(index: number, data: TypedArray): void
  /** Resolves when everything is compiled and uploaded, or rejects with what failed. */
  ready(): Promise<void>
  /**
   * Returns a session of another program of the model on the same device, with the same weights: only what it has to
   * compile is not ready. All of them are disposed together. Where a target has none, the host opens one anew.
   */
  fork?(program: P): Session<P>
  /** Returns the elements of weight `index` as they are now, in the dtype of the model. */
  download(index: number): Promise<TypedArray>
  /** Whether this tensor can stand as an input as it is. Where not, the host reads its data and passes that. */
  accepts(tensor: HostTensor): boolean
  /**
   * Runs the program and returns a tensor for each of `call.outputs`. Typed arrays of the call belong to the app: they are
   * read before the first await. Results stay valid when the program runs again, and after `dispose`.
   */
  run(call: Call): Promise<readonly HostTensor[]>
  /** Launches, scratch bytes and threads of the last run, or of the smallest sizes where nothing ran yet. */
  measure(): Pick<InstanceInfo, 'dispatches' | 'arenaBytes' | 'threads'>
  /** Gives back the weights and all scratch memory. Does nothing when called again. */
  dispose(): void
}

/** One run: everything is checked. */
export interface Call {
  /** In the order of the program's inputs; typed arrays have exactly as many elements as the shape. */
  readonly inputs: readonly (TypedArray | HostTensor)[]
  readonly dims: readonly number[]
  /** Of all inputs, then all outputs. */
  readonly shapes: readonly (readonly number[])[]
  /** Indices of the outputs that are wanted. */
  readonly outputs: readonly number[]
  readonly seed: number | undefined
}
