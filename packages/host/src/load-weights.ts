// load-weights: a source -> every weight of the model, in its dtype
//
// Names, shapes and dtypes are compared before the first element is used, and everything wrong is reported at once.
import type { LoadOptions, TypedArray, WeightData } from './contract.ts'
import { convertElements, isConvertible } from './convert.ts'
import { arrayOf, sizeOf } from './dtype.ts'
import { didYouMean, invalid, type Problem, showType, TsjitError } from './errors.ts'
import { type FileTensor, readHeader, readLength } from './safetensors.ts'
import { createReader, openStream, type ByteReader, type ByteStream } from './open-stream.ts'

/** What to load, and where it goes. */
export interface WeightsRequest {
  readonly model: string
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
  const { model, weights, options, signal, put } = request
  const source = options.weights
  const progress = createProgress(options)
  if (source === undefined) {
    if (weights.length > 0) {
      throw new TsjitError(
        'weight_missing',
        `\`${model}\` has ${weights.length} weights and none were given: load({ weights: url }), bytes, or { seed: 0 } to draw them`,
      )
    }
  } else if (typeof source === 'object' && 'seed' in source) {
    const { drawWeight } = await import('./draw-weight.ts')
    progress.expect(bytesOf(weights))
    for (const [index, weight] of weights.entries()) {
      const data = drawWeight(weight, source.seed)
      await put(index, data)
      progress.add(data.byteLength, 'download')
    }
  } else {
    const address = typeof source === 'string' || source instanceof URL ? String(source) : ''
    const how = { signal, cache: options.cache ?? true }
    const check = createCheck(request)
    if (/\.index\.json([?#].*)?$/.test(address)) {
      const index = await (await import('./read-index.ts')).readIndex(address, how)
      progress.expect(index.totalBytes ?? bytesOf(weights))
      check.names(index.names)
      for (const [file, names] of index.files) {
        await readFile(await openStream(file, how), { check, progress, put, shard: new Set(names) })
      }
    } else {
      await readFile(await openStream(source, how), { check, progress, put })
    }
    check.finish()
  }
  progress.finish()
}

interface FileRequest {
  readonly check: Check
  readonly progress: Progress
  readonly put: WeightsRequest['put']
  /** The tensors that this file holds, where it is one of several. */
  readonly shard?: ReadonlySet<string>
}

async function readFile(stream: ByteStream, { check, progress, put, shard }: FileRequest): Promise<void> {
  let isElements = false
  const reader = createReader(stream, (bytes) => isElements && progress.add(bytes, stream.phase))
  try {
    const length = readLength(await reader.take(8))
    const { tensors, dataBytes } = readHeader(await reader.take(length), length)
    if (!shard) check.names(tensors.map(({ name }) => name))
    const wanted = check.tensors(tensors, shard)
    if (check.isFine()) {
      isElements = true
      if (!shard) progress.expect(dataBytes)
      for (const tensor of tensors) await readTensor(reader, tensor, wanted, put)
      if ((await reader.skip(1)) > 0) throw invalid('there are more elements than the header says')
    }
    stream.close()
  } catch (error) {
    stream.close({ forget: true })
    throw error
  }
}

async function readTensor(
  reader: ByteReader,
  { name, dtype, begin, end }: FileTensor,
  wanted: ReadonlyMap<string, readonly [number, WeightData]>,
  put: WeightsRequest['put'],
): Promise<void> {
  const bytes = end - begin
  const found = wanted.get(name)
  const data = found && (await reader.take(bytes))
  if ((data?.length ?? (await reader.skip(bytes))) < bytes) throw invalid(`it ends within \`${name}\``)
  if (!found || !data) return
  const [index, [, to]] = found
  const elements = convertElements(data, dtype, to)
  if ('misfit' in elements) {
    throw new TsjitError(
      'weight_dtype_mismatch',
      `\`${name}\` is ${to} in the model and holds ${elements.misfit} in the file`,
    )
  }
  await put(index, elements)
}

interface Check {
  names(names: readonly string[]): void
  /** Returns the weights to read from a file. */
  tensors(
    tensors: readonly FileTensor[],
    shard?: ReadonlySet<string>,
  ): ReadonlyMap<string, readonly [number, WeightData]>
  isFine(): boolean
  /** Throws what was found. */
  finish(): void
}

function createCheck({ model, weights, options }: WeightsRequest): Check {
  const isStrict = options.strict ?? true
  const problems: Problem[] = []
  const byName = new Map(weights.map((weight, index) => [weight[0], [index, weight] as const]))
  const report = (code: Problem['code'], name: string, message: string): void => {
    problems.push({ code, name, message: `\`${name}\` ${message}` })
  }
  return {
    isFine: () => problems.length === 0,
    names(names) {
      const inFile = new Set(names)
      const surplus = names.filter((name) => !byName.has(name))
      for (const [name, dtype, shape] of weights) {
        if (!inFile.has(name)) {
          report('weight_missing', name, `${showType(dtype, shape)} is not in the file${didYouMean(name, surplus)}`)
        }
      }
      if (isStrict) for (const name of surplus) report('weight_unexpected', name, 'is not in the model')
    },
    tensors(tensors, shard) {
      const wanted = new Map<string, readonly [number, WeightData]>()
      for (const { name, dtype, shape } of tensors) {
        const found = byName.get(name)
        if (shard && !shard.has(name)) continue
        if (!found) continue
        wanted.set(name, found)
        const [, [, type, expected]] = found
        const both = `is ${showType(type, expected)} in the model and ${showType(dtype, shape)} in the file`
        if (expected.join() !== shape.join()) report('weight_shape_mismatch', name, both)
        else if (!isConvertible(dtype, type)) report('weight_dtype_mismatch', name, both)
      }
      for (const name of shard ?? []) {
        if (byName.has(name) && !wanted.has(name))
          report('weight_missing', name, 'is not in the file that the index names')
      }
      return wanted
    },
    finish() {
      if (problems.length === 0) return
      const list = problems.map(({ message }) => `\n  ${message}`).join('')
      const hint = problems.every(({ code }) => code === 'weight_unexpected')
        ? '\nload({ strict: false }) ignores them'
        : ''
      throw new TsjitError('weight_mismatch', `the weights do not fit \`${model}\`:${list}${hint}`, { problems })
    },
  }
}

interface Progress {
  expect(total: number): void
  add(bytes: number, phase: ByteStream['phase']): void
  finish(): void
}

// An index may promise too little or too much: loaded never passes total, and reaches it at the end.
function createProgress({ onProgress }: LoadOptions): Progress {
  let loaded = 0
  let total = 0
  return {
    expect(bytes) {
      total = bytes
    },
    add(bytes, phase) {
      loaded = Math.min(total, loaded + bytes)
      onProgress?.({ loaded, total, phase })
    },
    finish: () => onProgress?.({ loaded: total, total, phase: 'compile' }),
  }
}

function bytesOf(weights: readonly WeightData[]): number {
  return weights.reduce((sum, [, dtype, shape]) => sum + sizeOf(shape) * arrayOf[dtype].BYTES_PER_ELEMENT, 0)
}
