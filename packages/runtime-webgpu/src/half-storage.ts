// half-storage: f16 in two bytes, on devices that have it
//
// Kernels that touch f16 name the type that it is stored in on their first line: f32, which every device has. Where the
// device has `shader-f16`, this makes it f16. To everything else two such elements are one word: tensors, weights and
// constants of f16 become u32 of half the size, and come out as f16 again. Only the modules of programs with f16 name it.
import type {
  Call,
  DefinitionData,
  Driver,
  HostTensor,
  Instance,
  LoadOptions,
  OpenRequest,
  Session,
  SlotData,
  TypedArray,
  WebgpuProgramData,
} from '@tsjit/host'
import { codecOf, nest, sizeOf } from '@tsjit/host'
import { acquireGpu } from './gpu.ts'

/** Loads a model: `manyPrograms` or `hostCalls` of the host. */
type Load = (
  data: DefinitionData<WebgpuProgramData>,
  driver: Driver<WebgpuProgramData>,
  options: LoadOptions,
  ...tools: never[]
) => Promise<Instance>

/** Returns what loads models as `load` does, with f16 in two bytes where the device has it. */
export function halfStorage(load: Load): Load {
  return (data, driver, options, ...tools) => {
    const state = { isNative: false }
    const adopt: Driver<WebgpuProgramData>['adopt'] = (value, dtype) => {
      const words = driver.adopt?.(value, dtype)
      return words !== undefined && state.isNative && dtype === 'f16' ? 2 * words : words
    }
    const open: Driver<WebgpuProgramData>['open'] = async (request) => {
      const { device } = await acquireGpu(request.options.device)
      state.isNative = device.features.has('shader-f16')
      return state.isNative ? openNative(driver, request) : driver.open(request)
    }
    return load(data, { ...driver, adopt, open }, options, ...tools)
  }
}

async function openNative(
  driver: Driver<WebgpuProgramData>,
  request: OpenRequest<WebgpuProgramData>,
): Promise<Session<WebgpuProgramData>> {
  const { data, program } = request
  const words = {
    ...data,
    weights: data.weights.map(([path, dtype, shape, ...rest]): (typeof data.weights)[number] =>
      dtype === 'f16' ? [path, 'u32', wordsOf(shape), ...rest] : [path, dtype, shape, ...rest],
    ),
    constants: data.constants.map(([dtype, shape, elements]): (typeof data.constants)[number] =>
      dtype === 'f16' ? ['u32', wordsOf(shape), Array.from(pack(encode(elements)))] : [dtype, shape, elements],
    ),
  }
  return new HalfSession(await driver.open({ ...request, data: words, program: nativeOf(program) }), data, program)
}

/** Returns a program in terms of words. */
function nativeOf(program: WebgpuProgramData): WebgpuProgramData {
  const { kernels, arena, halves = [] } = program
  const asWords = ([path, dtype, axes]: SlotData): SlotData => [path, dtype === 'f16' ? 'u32' : dtype, axes]
  return Object.create(program, {
    // Outputs may be found late, so neither list is read before it is asked for.
    inputs: { get: () => program.inputs.map(asWords) },
    outputs: { get: () => program.outputs.map(asWords) },
    kernels: {
      value: kernels.map((kernel) => {
        const { code } = kernel
        return code.startsWith('alias') ? { ...kernel, code: `enable f16;${code.replace('f32', 'f16')}` } : kernel
      }),
    },
    arena: {
      value: (...dims: readonly number[]) => {
        const buffers = [...arena(...dims)]
        // in bytes of four an element
        for (const index of halves) buffers[3 * index] = 4 * Math.ceil((buffers[3 * index] ?? 0) / 8)
        return buffers
      },
    },
  }) as WebgpuProgramData
}

class HalfSession implements Session<WebgpuProgramData> {
  readonly #session: Session<WebgpuProgramData>
  readonly #data: DefinitionData<WebgpuProgramData>
  readonly #program: WebgpuProgramData

  constructor(
    session: Session<WebgpuProgramData>,
    data: DefinitionData<WebgpuProgramData>,
    program: WebgpuProgramData,
  ) {
    this.#session = session
    this.#data = data
    this.#program = program
  }

  get device(): string {
    return this.#session.device
  }

  get kernels(): number {
    return this.#session.kernels
  }

  isLost(): boolean {
    return this.#session.isLost()
  }

  upload(index: number, data: TypedArray): void {
    this.#session.upload(index, this.#isHalf(index) ? pack(data) : data)
  }

  async download(index: number): Promise<TypedArray> {
    const data = await this.#session.download(index)
    return this.#isHalf(index) ? unpack(data, this.#data.weights[index]?.[2] ?? []) : data
  }

  ready(): Promise<void> {
    return this.#session.ready()
  }

  fork(program: WebgpuProgramData): HalfSession {
    const session = this.#session.fork?.(nativeOf(program))
    return new HalfSession(session as Session<WebgpuProgramData>, this.#data, program)
  }

  accepts(tensor: HostTensor): boolean {
    if (tensor.dtype !== 'f16') return this.#session.accepts(tensor)
    return tensor instanceof HalfTensor && this.#session.accepts(tensor.words)
  }

  async run(call: Call): Promise<readonly HostTensor[]> {
    const { inputs, outputs } = this.#program
    const slots = [...inputs, ...outputs]
    const shapes = call.shapes.map((shape, i) => (slots[i]?.[1] === 'f16' ? wordsOf(shape) : shape))
    const given = call.inputs.map((input, i) => {
      if (slots[i]?.[1] !== 'f16') return input
      return ArrayBuffer.isView(input) ? pack(input) : input instanceof HalfTensor ? input.words : input
    })
    const results = await this.#session.run({ ...call, inputs: given, shapes })
    return results.map((result, i) => {
      const at = inputs.length + (call.outputs[i] ?? 0)
      return slots[at]?.[1] === 'f16' ? new HalfTensor(result, call.shapes[at] ?? []) : result
    })
  }

  measure(): ReturnType<Session['measure']> {
    return this.#session.measure()
  }

  dispose(): void {
    this.#session.dispose()
  }

  #isHalf(index: number): boolean {
    return this.#data.weights[index]?.[1] === 'f16'
  }
}

/** A result of f16: a tensor of words. */
class HalfTensor implements HostTensor {
  readonly dtype = 'f16'
  readonly shape: readonly number[]
  readonly size: number
  readonly words: HostTensor

  constructor(words: HostTensor, shape: readonly number[]) {
    this.words = words
    this.shape = shape
    this.size = sizeOf(shape)
  }

  async data(): Promise<Uint16Array> {
    return unpack(await this.words.data(), this.shape)
  }

  async toArray(): Promise<unknown> {
    return nest(await this.data(), this.shape, codecOf('f16')?.decode)
  }

  dispose(): void {
    this.words.dispose()
  }
}

function wordsOf(shape: readonly number[]): readonly [number] {
  return [Math.ceil(sizeOf(shape) / 2)]
}

function encode(elements: readonly number[]): Uint16Array {
  return Uint16Array.from(elements, codecOf('f16')?.encode ?? Number)
}

/** Returns elements as words; a copy where they do not lie as such. */
function pack(data: TypedArray): Uint32Array {
  if (data.length % 2 === 0 && data.byteOffset % 4 === 0)
    return new Uint32Array(data.buffer, data.byteOffset, data.length / 2)
  const words = new Uint32Array(Math.ceil(data.length / 2))
  new Uint16Array(words.buffer).set(data)
  return words
}

function unpack({ buffer, byteOffset }: TypedArray, shape: readonly number[]): Uint16Array {
  return new Uint16Array(buffer, byteOffset, sizeOf(shape))
}
