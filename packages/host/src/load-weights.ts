// load-weights: a source -> every weight of the model, in its dtype
//
// Names, shapes and dtypes are compared before the first element is used, and everything wrong is reported at once.
import { createReader, type ByteReader } from './byte-reader.ts'
import type { LoadOptions, LoadProgress, TypedArray } from './contract.ts'
import type { WeightData } from './program-data.ts'
import { doubt } from './doubt.ts'
import { arrayOf, bytesOf, sizeOf } from './dtype.ts'
import { TsjitError, type Refusal } from './errors.ts'
import { isAddress, openStream, type ByteSource, type OpenedStream } from './open-stream.ts'
import type { Shard } from './load-shards.ts'
import { LENGTH_BYTES, readHeader, readLength, type FileTensor } from './read-header.ts'

/** The model whose weights are loaded. */
export interface WeightedModel {
  readonly name: string
  readonly weights: readonly WeightData[]
}

/** Takes a weight; the array is valid until the promise resolves. */
export type PutWeight = (index: number, data: TypedArray) => Promise<void>

/**
 * Hands every weight to `put`. Throws `weight_mismatch` with the list of what does not fit, `weight_invalid_file` or
 * `weight_unavailable`, or the reason of the signal.
 */
export async function loadWeights(
  model: WeightedModel,
  options: LoadOptions,
  signal: AbortSignal,
  put: PutWeight,
): Promise<void> {
  const { weights } = model
  const { weights: source, onProgress } = options
  let loaded = 0
  let total = bytesOf(weights)
  const progress: Progress = {
    expect(bytes) {
      total = bytes
    },
    // An index may promise too little or too much: loaded never passes total, and reaches it at the end.
    add(bytes, phase) {
      loaded = Math.min(total, loaded + bytes)
      onProgress?.({ loaded, total, phase })
    },
  }
  if (!source) {
    // `load` says so.
    if (total > 0) doubt()
  } else if (typeof source === 'object' && 'seed' in source) {
    await (await import('./other-weights.ts')).drawWeights(weights, source.seed, arrayOf, put)
  } else {
    await loadFiles({ source, model, options, signal, put, progress })
  }
  progress.add(total, 'compile')
}

/** What hears of the bytes. */
export interface Progress {
  expect(bytes: number): void
  add(bytes: number, phase: LoadProgress['phase']): void
}

/** A load from files. */
export interface Work {
  readonly source: ByteSource
  readonly model: WeightedModel
  readonly options: LoadOptions
  readonly signal: AbortSignal
  readonly put: PutWeight
  readonly progress: Progress
}

async function loadFiles(work: Work): Promise<void> {
  const address = addressOf(work)
  const refusal = await (/\.index\.json([?#]|$)/.test(address)
    ? (await import('./other-weights.ts')).loadShards(work, address, { open, refusalOf, refuse, loadFile })
    : loadFile(work))
  if (refusal) throw refuse(work, refusal)
}

// Reads the header, and the elements unless anything is wrong.
async function loadFile(work: Work, shard?: Shard): Promise<Refusal | undefined> {
  const { progress } = work
  const { names, coming, tensors = [] } = shard ?? {}
  const { body, isCached, forget } = await open(work)
  const stream = body?.getReader()
  let isBody = false
  const reader = createReader(
    async () => (await stream?.read().catch(refusalOf(work)))?.value,
    (bytes) => isBody && progress.add(bytes, isCached ? 'cache' : 'download'),
  )
  try {
    const found = await readTensors(work, reader)
    for (const tensor of found) if (!names || names.has(tensor.name)) tensors.push(tensor)
    const refusal = await compare(work, tensors, coming)
    isBody = !refusal
    if (isBody) {
      if (!shard) progress.expect(found.at(-1)?.end ?? 0)
      for (const tensor of found) await readElements(work, reader, tensor)
      if (await reader.skip(1)) throw refuse(work, { message: 'longer than its header says' })
    }
    return refusal
  } catch (error) {
    forget?.()
    throw error
  } finally {
    void stream?.cancel().catch(() => {})
  }
}

async function readTensors(work: Work, reader: ByteReader): Promise<readonly FileTensor[]> {
  const head = await reader.take(LENGTH_BYTES)
  const length = readLength(head)
  const header = await reader.take(length)
  const tensors = header.length === length && readHeader(header)
  if (tensors) return tensors
  throw refuse(work, (await import('./explain.ts')).explainSource(work.source, head, header))
}

// What differs may still be fine (F16 for f32, a surplus that is allowed), so the slow comparison decides.
async function compare(
  { model, options }: Work,
  tensors: readonly FileTensor[],
  coming: Shard['coming'] | undefined,
): Promise<Refusal | undefined> {
  const { weights } = model
  const isSame = weights.every(([name, dtype, shape]) =>
    tensors.some(
      (found) => found.name === name && found.dtype === dtype.toUpperCase() && `${found.shape}` === `${shape}`,
    ),
  )
  if (isSame && weights.length === tensors.length) return undefined
  const { explainWeights } = await import('./explain.ts')
  return explainWeights(model, tensors, { strict: options.strict, coming })
}

async function readElements(work: Work, reader: ByteReader, tensor: FileTensor): Promise<void> {
  const { model, put } = work
  const { name, dtype, shape, begin, end } = tensor
  const bytes = end - begin
  const index = model.weights.findIndex(([wanted]) => wanted === name)
  const to = model.weights[index]?.[1]
  const data = to && (await reader.take(bytes))
  if ((data?.length ?? (await reader.skip(bytes))) < bytes) throw refuse(work, { message: `ends within \`${name}\`` })
  if (!to || !data) return
  if (dtype === to.toUpperCase() && to !== 'bool') return put(index, new arrayOf[to](data.buffer))
  const elements = new arrayOf[to](sizeOf(shape))
  const misfit = (await import('./other-weights.ts')).convertElements(data, dtype, to, elements)
  if (misfit === undefined) return put(index, elements)
  throw refuse(work, { code: 'weight_dtype_mismatch', message: `\`${name}\` holds ${misfit}, which is no ${to}` })
}

function open(work: Work): Promise<OpenedStream> {
  const { source, signal, options } = work
  return openStream(source, signal, options.cache).catch(refusalOf(work))
}

function refusalOf(work: Work): (cause: Error) => never {
  return (cause) => {
    work.signal.throwIfAborted()
    // Node says why in the cause of the cause.
    throw refuse(work, { code: 'weight_unavailable', message: String(cause.cause ?? cause), cause })
  }
}

function addressOf({ source }: Work): string {
  return isAddress(source) ? String(source).slice(0, 999) : 'weights'
}

/** Why a source cannot be loaded: an invalid file, if no code says another. */
export type Fault = Omit<Refusal, 'code'> & Partial<Refusal> & ErrorOptions

function refuse(work: Work, fault: Fault): TsjitError {
  const { code = 'weight_invalid_file', message } = fault
  return new TsjitError(code, `\`${addressOf(work)}\` cannot be loaded: ${message}`, fault)
}
