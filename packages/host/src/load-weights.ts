// load-weights: a source -> every weight of the model, in its dtype
//
// Names, shapes and dtypes are compared before the first element is used, and everything wrong is reported at once.
import { createReader, type ByteReader } from './byte-reader.ts'
import type { LoadOptions, LoadProgress, TypedArray, WeightData } from './contract.ts'
import { arrayOf, bytesOf, sizeOf } from './dtype.ts'
import { TsjitError, type Problem } from './errors.ts'
import { openStream, type ByteSource, type OpenedStream } from './open-stream.ts'
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
  if (source === undefined) {
    if (total > 0) throw new TsjitError('weight_missing', `\`${model.name}\` needs weights: a URL, bytes or { seed }`)
  } else if (typeof source === 'object' && 'seed' in source) {
    const { drawWeight } = await import('./other-weights.ts')
    for (const [index, weight] of weights.entries()) {
      await put(index, drawWeight(new arrayOf[weight[1]](sizeOf(weight[2])), weight, source.seed))
    }
  } else {
    await loadFiles({ model, options, signal, put, progress }, source)
  }
  progress.add(total, 'compile')
}

interface Progress {
  expect(bytes: number): void
  add(bytes: number, phase: LoadProgress['phase']): void
}

interface Work {
  readonly model: WeightedModel
  readonly options: LoadOptions
  readonly signal: AbortSignal
  readonly put: PutWeight
  readonly progress: Progress
}

async function loadFiles(work: Work, source: ByteSource): Promise<void> {
  const address = addressOf(source)
  let problems: readonly Problem[] | undefined
  if (/\.index\.json([?#]|$)/.test(address)) {
    const text = await new Response((await open(work, source)).body).text().catch(refusal(work, source))
    const { loadShards } = await import('./other-weights.ts')
    const { expect } = work.progress
    problems = await loadShards({ address, text, expect, load: (file, shard) => loadFile(work, file, shard) })
  } else {
    problems = await loadFile(work, source)
  }
  if (!problems) throw invalid('no index of weights')
  if (problems.length === 0) return
  const list = problems.map(({ message }) => `\n  ${message}`).join('')
  throw new TsjitError('weight_mismatch', `the weights do not fit \`${work.model.name}\`:${list}`, { problems })
}

// Reads the header, and the elements unless anything is wrong.
async function loadFile(work: Work, source: ByteSource, shard?: Shard): Promise<readonly Problem[]> {
  const { progress } = work
  const { names, coming, tensors = [] } = shard ?? {}
  const { body, isCached, forget } = await open(work, source)
  const stream = body?.getReader()
  let isBody = false
  const reader = createReader(
    async () => (await stream?.read().catch(refusal(work, source)))?.value,
    (bytes) => isBody && progress.add(bytes, isCached ? 'cache' : 'download'),
  )
  try {
    const found = await readTensors(reader)
    for (const tensor of found) if (!names || names.has(tensor.name)) tensors.push(tensor)
    const problems = await findProblems(work, tensors, coming)
    isBody = problems.length === 0
    if (isBody) {
      if (!shard) progress.expect(found.at(-1)?.end ?? 0)
      for (const tensor of found) await readElements(work, reader, tensor)
      if ((await reader.skip(1)) > 0) throw invalid('longer than its header says')
    }
    return problems
  } catch (error) {
    forget?.()
    throw error
  } finally {
    void stream?.cancel().catch(() => {})
  }
}

async function readTensors(reader: ByteReader): Promise<readonly FileTensor[]> {
  const head = await reader.take(LENGTH_BYTES)
  const header = await reader.take(readLength(head))
  const tensors = readHeader(header)
  if (tensors) return tensors
  throw invalid(String((await import('./explain.ts')).explainFile(head, header)))
}

// What differs may still be fine (F16 for f32, a surplus that is allowed), so the slow comparison decides.
async function findProblems(
  { model, options }: Work,
  tensors: readonly FileTensor[],
  coming: Shard['coming'] | undefined,
): Promise<readonly Problem[]> {
  const { weights } = model
  const isSame = weights.every(([name, dtype, shape]) =>
    tensors.some(
      (found) => found.name === name && found.dtype === dtype.toUpperCase() && `${found.shape}` === `${shape}`,
    ),
  )
  if (isSame && weights.length === tensors.length) return []
  const { explainWeights } = await import('./explain.ts')
  return explainWeights(weights, tensors, { isStrict: options.strict ?? true, coming })
}

async function readElements({ model, put }: Work, reader: ByteReader, tensor: FileTensor): Promise<void> {
  const { name, dtype, shape, begin, end } = tensor
  const bytes = end - begin
  const index = model.weights.findIndex(([wanted]) => wanted === name)
  const to = model.weights[index]?.[1]
  const data = to && (await reader.take(bytes))
  if ((data?.length ?? (await reader.skip(bytes))) < bytes) throw invalid(`ends within \`${name}\``)
  if (!to || !data) return
  if (dtype === to.toUpperCase() && to !== 'bool') return put(index, new arrayOf[to](data.buffer))
  const elements = new arrayOf[to](sizeOf(shape))
  const misfit = (await import('./other-weights.ts')).convertElements(data, dtype, to, elements)
  if (misfit === undefined) return put(index, elements)
  throw new TsjitError('weight_dtype_mismatch', `\`${name}\` is ${to} in the model, but the file has ${misfit}`)
}

function open(work: Work, source: ByteSource): Promise<OpenedStream> {
  const { signal, options } = work
  return openStream(source, signal, options.cache).catch(refusal(work, source))
}

function refusal({ signal }: Work, source: ByteSource): (cause: unknown) => never {
  return (cause) => {
    signal.throwIfAborted()
    throw new TsjitError(
      'weight_unavailable',
      `the weights at \`${addressOf(source)}\` cannot be loaded: ${String(cause)}`,
      { cause },
    )
  }
}

function addressOf(source: ByteSource): string {
  return typeof source === 'string' || source instanceof URL ? String(source).slice(0, 999) : 'bytes'
}

function invalid(message: string): TsjitError {
  return new TsjitError('weight_invalid_file', `not a sound file of weights: ${message}`)
}
