// explain-call: inputs and options that do not fit a program -> everything that is wrong with them
//
// Goes the same way as `readCall`, slowly and with words. A page loads it only when a call is refused.
import type { RunOptions } from './contract.ts'
import type { ProgramSignature } from './program-data.ts'
import { didYouMean } from './did-you-mean.ts'
import type { Problem, Refusal } from './errors.ts'
import { measureInput, Wrong } from './explain-input.ts'
import { explainOptions, runRules } from './explain-options.ts'
import { explainBounds, explainShapes } from './explain-shapes.ts'

/** The programs of a model: the first takes all inputs, the others leave out optional ones. */
export type Programs = readonly [ProgramSignature, ...ProgramSignature[]]

/** Returns what is wrong with a call that was refused; undefined where nothing is. */
export function explainCall(programs: Programs, inputs: unknown, options: RunOptions): Refusal | undefined {
  const program = findMeant(programs, inputs)
  const problem = explainOptions('run', options, runRules)
  if (problem) return problem
  const problems = [...explainNames(program, programs[0], inputs), ...explainOutputs(program, options)]
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
  if (!first && options.mode) {
    const message = `the model was not built for mode ${options.mode}: name it in the option \`modes\` of the build`
    return { code: 'target_unavailable', message }
  }
  if (!first) return undefined
  const list = problems.map(({ message }) => `\n  ${message}`).join('')
  if (problems.length === 1) return first
  return { code: first.code, message: `${problems.length} things are wrong with this call:${list}`, problems }
}

/** Returns the program with the fewest inputs that takes all that are given, if only it were given the others. */
function findMeant([full, ...others]: Programs, inputs: unknown): ProgramSignature {
  const given = full.inputs.filter(([path]) => valueAt(inputs, path) !== undefined)
  const fitting = others.filter((program) => given.every(([path]) => program.inputs.some(([name]) => name === path)))
  return fitting.reduce<ProgramSignature>((a, b) => (b.inputs.length < a.inputs.length ? b : a), full)
}

function explainNames({ inputs: slots }: ProgramSignature, full: ProgramSignature, inputs: unknown): Problem[] {
  const problems: Problem[] = []
  const paths = full.inputs.map(([path]) => path)
  const absent = paths.filter((path) => valueAt(inputs, path) === undefined)
  const missing = absent.filter((path) => slots.some(([name]) => name === path))
  const visit = (value: unknown, path: string): void => {
    if (value === undefined || paths.includes(path)) return
    const inside = path && `${path}.`
    const isPart = path === '' || paths.some((other) => other.startsWith(inside))
    if (typeof value === 'object' && value !== null && isPart) {
      for (const [key, item] of Object.entries(value)) visit(item, inside + key)
      return
    }
    const what = path === '' ? 'inputs are an object of tensors by name' : `the model has no input \`${path}\``
    const meant = didYouMean(path, absent)
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

/** Returns what stands at a dotted path. */
export function valueAt(inputs: unknown, path: string): unknown {
  let value = inputs
  for (const key of path.split('.')) value = Object(value)[key] as unknown
  return value
}
