// explain-call: inputs and options that do not fit a program -> everything that is wrong with them
//
// Goes the same way as `readCall`, slowly and with words. A page loads it only when a call is refused.
import type { RunOptions } from './contract.ts'
import type { ProgramSignature } from './driver.ts'
import { didYouMean } from './did-you-mean.ts'
import type { Problem, Refusal } from './errors.ts'
import { measureInput, Wrong } from './explain-input.ts'
import { explainOptions, runRules } from './explain-options.ts'
import { explainBounds, explainShapes } from './explain-shapes.ts'

/** Returns what is wrong with a call that was refused; undefined where nothing is. */
export function explainCall(
  error: unknown,
  program: ProgramSignature,
  inputs: unknown,
  options: RunOptions,
): Refusal | undefined {
  if (!(error instanceof TypeError)) return undefined // it says itself what is wrong
  const problem = explainOptions('run', options, runRules)
  if (problem) return problem
  const problems = [...explainNames(program, inputs), ...explainOutputs(program, options)]
  const attempt = <T>(work: () => T): T | undefined => {
    try {
      return work()
    } catch (error) {
      if (!(error instanceof Wrong)) throw error
      problems.push(error.problem)
      return undefined
    }
  }
  const given = program.inputs.flatMap((slot) => {
    const value = valueAt(inputs, slot[0])
    return (value === undefined ? undefined : attempt(() => measureInput(value, slot))) ?? []
  })
  // Sizes say something of one another only where every input has some.
  const shapes = given.length === program.inputs.length ? attempt(() => explainShapes(program, given)) : undefined
  if (shapes) problems.push(...explainBounds(program, shapes))
  const [first] = problems
  if (!first) return undefined
  const list = problems.map(({ message }) => `\n  ${message}`).join('')
  if (problems.length === 1) return first
  return { code: first.code, message: `${problems.length} things are wrong with this call:${list}`, problems }
}

function explainNames({ inputs: slots }: ProgramSignature, inputs: unknown): Problem[] {
  const problems: Problem[] = []
  const paths = slots.map(([path]) => path)
  const missing = paths.filter((path) => valueAt(inputs, path) === undefined)
  const visit = (value: unknown, path: string): void => {
    if (value === undefined || paths.includes(path)) return
    const inside = path && `${path}.`
    if (typeof value === 'object' && value !== null && paths.some((other) => other.startsWith(inside))) {
      for (const [key, item] of Object.entries(value)) visit(item, inside + key)
      return
    }
    const what = path === '' ? 'inputs are an object of tensors by name' : `the model has no input \`${path}\``
    const meant = didYouMean(path, missing)
    // What was misspelt is not missing as well.
    const index = missing.findIndex((name) => meant.includes(`\`${name}\``))
    if (index >= 0) missing.splice(index, 1)
    const known = paths.map((name) => `\`${name}\``).join(', ')
    problems.push({ code: 'model_input_unexpected', message: what + (meant || `: it takes ${known || 'none'}`) })
  }
  visit(inputs, '')
  for (const path of missing) {
    const [, dtype, axes] = slots.find(([name]) => name === path) ?? []
    const message = `the input \`${path}\`, ${dtype}[${axes?.join(', ')}], is missing`
    problems.push({ code: 'model_input_missing', message })
  }
  return problems
}

function explainOutputs({ outputs }: ProgramSignature, options: RunOptions): Problem[] {
  const known = outputs.map(([path]) => path)
  const wrong = options.outputs?.filter((name) => !known.some((path) => `${path}.`.startsWith(`${name}.`))) ?? []
  return wrong.map((name): Problem => {
    const hint = didYouMean(name, known) || `: it gives ${known.map((path) => `\`${path}\``).join(', ')}`
    return { code: 'model_output_unknown', message: `the model has no output \`${name}\`${hint}` }
  })
}

function valueAt(inputs: unknown, path: string): unknown {
  let value = inputs
  for (const key of path.split('.')) value = Object(value)[key] as unknown
  return value
}
