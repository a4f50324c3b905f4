// explain-weights: weights that do not fit the model -> everything that is wrong, at once
import type { WeightData } from './program-data.ts'
import { didYouMean } from './did-you-mean.ts'
import type { ErrorCode, Problem, Refusal } from './errors.ts'
import { isConvertible } from './is-convertible.ts'
import type { WeightedModel } from './load-weights.ts'
import type { FileTensor } from './read-header.ts'

/** How to compare. */
export interface ExplainOptions {
  /** Whether tensors that the model lacks are wrong. */
  readonly strict: boolean | undefined
  /** Names that files still to be read hold. */
  readonly coming: ReadonlySet<string> | undefined
}

/** Returns what is wrong, in the order of the model and then of the file; undefined where nothing is. */
export function explainWeights(
  { name: model, weights }: WeightedModel,
  tensors: readonly FileTensor[],
  options: ExplainOptions,
): Refusal | undefined {
  const problems = findProblems(weights, tensors, options)
  if (problems.length === 0) return undefined
  const list = problems.map(({ message }) => `\n  ${message}`).join('')
  return { code: 'weight_mismatch', message: `it does not fit \`${model}\`:${list}`, problems }
}

function findProblems(
  weights: readonly WeightData[],
  tensors: readonly FileTensor[],
  options: ExplainOptions,
): readonly Problem[] {
  const problems: Problem[] = []
  const inModel = new Set(weights.map(([name]) => name))
  const inFile = new Map(tensors.map((tensor) => [tensor.name, tensor]))
  const surplus = tensors.filter(({ name }) => !inModel.has(name)).map(({ name }) => name)
  let compared = 0
  const report = (code: ErrorCode, name: string, message: string): void => {
    problems.push({ code, message: `\`${shown(name)}\` ${message}` })
  }
  for (const [name, dtype, shape] of weights) {
    const tensor = inFile.get(name)
    const expected = `${dtype}[${shape.join(', ')}]`
    if (!tensor) {
      if (options.coming?.has(name)) continue
      report(
        'weight_missing',
        name,
        `${expected} is not in the file${hintOf(name, compared < MOST_COMPARISONS ? surplus : [])}`,
      )
      compared += surplus.length
      continue
    }
    const both = `is ${expected} in the model and ${tensor.dtype}[${tensor.shape.join(', ')}] in the file`
    if (shape.join() !== tensor.shape.join()) report('weight_shape_mismatch', name, both)
    else if (!isConvertible(tensor.dtype, dtype)) {
      const hint = knownDTypes.test(tensor.dtype) ? '' : ', which is no dtype of safetensors'
      report('weight_dtype_mismatch', name, both + hint)
    }
  }
  if (options.strict ?? true)
    for (const name of surplus)
      report('weight_unexpected', name, 'is not in the model; load({ strict: false }) ignores it')
  return problems
}

const knownDTypes = /^(BOOL|B?F16|F32|F64|[IU](8|16|32|64)|F8_\w+|F[46]_?\w*|C64)$/

// With more names than these nothing is misspelt: the file is another model's, and must not take minutes to refuse.
const MOST_COMPARISONS = 20_000

// Where one name ends with the other, a wrapper was saved instead of the model, or the other way round.
function hintOf(name: string, surplus: readonly string[]): string {
  const wrapped = surplus.find((other) => other.endsWith(`.${name}`) || name.endsWith(`.${other}`))
  return wrapped === undefined ? didYouMean(name, surplus.map(shown)) : didYouMean(wrapped, [wrapped])
}

// Names come from anywhere: nothing of theirs may steer a terminal or fill it.
function shown(name: string): string {
  const text = JSON.stringify(name).slice(1, -1).replaceAll('\\"', '"').replaceAll('\x7f', '')
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}
