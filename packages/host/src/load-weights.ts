// load-weights: a source -> every weight of the model, in its dtype
//
// Names, shapes and dtypes are compared before the first element is used, and everything wrong is reported at once.
import type { LoadOptions, LoadProgress, TypedArray, WeightData } from './contract.ts'
import { arrayOf, bytesOf } from './dtype.ts'
import { TsjitError } from './errors.ts'
import { createReader, openStream, type ByteReader, type ByteSource, type ByteStream } from './open-stream.ts'
import { LENGTH_BYTES, readHeader, readLength, type FileTensor } from './read-header.ts'

/** What to load, and where it goes. */
export interface WeightsRequest {
  readonly name: string
  readonly weights: readonly WeightData[]
  readonly options: LoadOptions
  readonly signal: AbortSignal
  /** Takes a weight; the array is valid until the promise resolves. */
  readonly put: (index: number, data: TypedArray) => Promise<void>
}

/**
 * Hands every weight to `put`. Throws `weight_mismatch` with the list of what does not fit, `weight_invalid_file` or
 * `weight_unavailable`, or the reason of the signal.
 */
export async function loadWeights(request: WeightsRequest): Promise<void> {
  const { name, weights, options, put } = request
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
    if (weights.length > 0) {
      throw new TsjitError(
        'weight_missing',
        `\`${name}\` needs weights: load({ weights }) takes a URL, bytes or { seed }`,
      )
    }
  } else if (isSeed(source)) {
    const { drawWeight } = await import('./draw-weight.ts')
    for (const [index, weight] of weights.entries()) {
      const data = drawWeight(weight, source.seed)
      await put(index, data)
      progress.add(data.byteLength, 'download')
    }
  } else {
    await loadFiles(request, source, progress)
  }
  progress.add(total, 'compile')
}

interface Progress {
  expect(bytes: number): void
  add(bytes: number, phase: LoadProgress['phase']): void
}

type Shard = ReadonlySet<string> | undefined

async function loadFiles(request: WeightsRequest, source: ByteSource, progress: Progress): Promise<void> {
  let files: ReadonlyMap<ByteSource, Shard> = new Map([[source, undefined]])
  if (/\.index\.json([?#]|$)/.test(addressOf(source))) {
    const index = await readShards(request, addressOf(source))
    files = index.files
    if (index.totalBytes) progress.expect(index.totalBytes)
  }
  const coming = new Set([...files.values()].flatMap((names) => [...(names ?? [])]))
  const tensors: FileTensor[] = []
  let isFit = true
  for (const [file, names] of files) {
    const stream = await open(request, file)
    let isBody = false
    const reader = createReader(stream, (bytes) => isBody && progress.add(bytes, stream.phase))
    try {
      const found = await readTensors(reader)
      for (const tensor of found) if (!names || names.has(tensor.name)) tensors.push(tensor)
      for (const name of names ?? []) coming.delete(name)
      isFit = await fits(request, tensors, coming)
      if (isFit) {
        isBody = true
        if (!names) progress.expect(found.at(-1)?.end ?? 0)
        for (const tensor of found) await readElements(request, reader, tensor)
        if ((await reader.skip(1)) > 0) throw invalid('it has more bytes than its header says')
      }
    } catch (error) {
      stream.close()
      throw error
    }
    if (!isFit) stream.close()
  }
  if (!isFit) await refuse(request, tensors)
}

async function readTensors(reader: ByteReader): Promise<readonly FileTensor[]> {
  const head = await reader.take(LENGTH_BYTES)
  const length = readLength(head)
  const header = await reader.take(Math.max(0, length))
  const tensors = header.length === length && readHeader(header)
  if (tensors) return tensors
  throw invalid((await import('./explain-file.ts')).explainFile(head, header))
}

// A difference in dtype may be fine, so the slow comparison decides.
async function fits(request: WeightsRequest, tensors: readonly FileTensor[], coming: Shard): Promise<boolean> {
  const { weights } = request
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]))
  const isSame = weights.every(([name, dtype, shape]) => {
    const tensor = byName.get(name)
    return tensor?.dtype === dtype.toUpperCase() && tensor.shape.join() === shape.join()
  })
  return (isSame && weights.length === tensors.length) || (await explain(request, tensors, coming)).length === 0
}

async function readElements(
  { weights, put }: WeightsRequest,
  reader: ByteReader,
  { name, dtype, begin, end }: FileTensor,
): Promise<void> {
  const index = weights.findIndex(([wanted]) => wanted === name)
  const to = weights[index]?.[1]
  const data = to && (await reader.take(end - begin))
  if ((data?.length ?? (await reader.skip(end - begin))) < end - begin) throw invalid(`it ends within \`${name}\``)
  if (!to || !data) return
  if (dtype === to.toUpperCase() && to !== 'bool') {
    const type = arrayOf[to]
    const { buffer, byteOffset, length } = data.byteOffset % type.BYTES_PER_ELEMENT ? data.slice() : data
    return put(index, new type(buffer, byteOffset, length / type.BYTES_PER_ELEMENT))
  }
  const elements = (await import('./convert.ts')).convertElements(data, dtype, to)
  if (!('misfit' in elements)) return put(index, elements)
  throw new TsjitError(
    'weight_dtype_mismatch',
    `\`${name}\` is ${to} in the model, but the file has ${elements.misfit}`,
  )
}

async function explain({ weights, options }: WeightsRequest, tensors: readonly FileTensor[], coming: Shard) {
  const { explainWeights } = await import('./explain-weights.ts')
  return explainWeights(weights, tensors, { isStrict: options.strict ?? true, coming })
}

async function refuse(request: WeightsRequest, tensors: readonly FileTensor[]): Promise<never> {
  const problems = await explain(request, tensors, undefined)
  const list = problems.map(({ message }) => `\n  ${message}`).join('')
  throw new TsjitError('weight_mismatch', `the weights do not fit \`${request.name}\`:${list}`, { problems })
}

async function readShards(request: WeightsRequest, address: string) {
  const stream = await open(request, address)
  const decoder = new TextDecoder()
  let text = ''
  for (let chunk = await stream.next(); chunk; chunk = await stream.next())
    text += decoder.decode(chunk, { stream: true })
  const index = (await import('./read-index.ts')).readIndex(text, address)
  if (index) return index
  stream.close()
  throw invalid('it is not an index of weights')
}

async function open({ options, signal }: WeightsRequest, source: ByteSource): Promise<ByteStream> {
  const address = addressOf(source)
  const refuse = (cause: unknown): never => {
    signal.throwIfAborted()
    throw new TsjitError(
      'weight_unavailable',
      `the weights at \`${address.slice(0, 200)}\` cannot be loaded: ${String(cause)}`,
      { cause },
    )
  }
  const stream = await openStream(source, { signal, cache: options.cache ?? true }).catch(refuse)
  return { ...stream, next: () => stream.next().catch(refuse) }
}

function addressOf(source: ByteSource): string {
  return typeof source === 'string' || source instanceof URL ? String(source) : 'bytes'
}

function isSeed(source: object | string): source is { readonly seed: number } {
  return typeof source === 'object' && 'seed' in source
}

function invalid(message: string): TsjitError {
  return new TsjitError('weight_invalid_file', `the weights cannot be read: ${message}`)
}
