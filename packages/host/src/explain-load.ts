// explain-load: options of `load` that a compiled model cannot follow -> why
import { type Instance, type LoadOptions, type Target } from './contract.ts'
import { CONTRACT_VERSION, type DefinitionData } from './program-data.ts'
import type { Problem } from './errors.ts'
import { explainOptions, loadRules } from './explain-options.ts'

/** Returns why a model cannot be loaded with these options on the target it was built for; undefined where it can. */
export function explainLoad(
  data: DefinitionData<unknown>,
  builtFor: Target,
  options: LoadOptions,
): Problem | undefined {
  const { name, contract, programs, weights } = data
  if (contract !== CONTRACT_VERSION) {
    const versions = `\`${name}\` was compiled for contract ${contract}, and this runtime reads ${CONTRACT_VERSION}`
    return {
      code: 'contract_mismatch',
      message: `${versions}: install one version of all tsjit packages and build again`,
    }
  }
  const problem = explainOptions('load', options, loadRules)
  if (problem) return problem
  const { target = builtFor, mode = 'eval' } = options
  // A form that there is fails for reasons of its own.
  if (target !== builtFor && target in data) return undefined
  if (target !== builtFor) {
    return {
      code: 'target_unavailable',
      message: `\`${name}\` was built for ${builtFor}, not for ${target}; add it to the targets of the build`,
    }
  }
  if (mode in programs) {
    if (options.weights || weights.length === 0) return undefined
    return { code: 'weight_missing', message: `\`${name}\` needs weights: a URL, bytes or { seed }` }
  }
  const modes = Object.keys(programs)
  const built = `\`${name}\` was built for mode ${modes.join(' and ')}`
  return {
    code: 'target_unavailable',
    message: `${built}, not for ${mode}; name it in the option \`modes\` of the build`,
  }
}

/**
 * Goes on where a load has failed: with the model in WebAssembly where this machine has no such device and the app has
 * not asked for one. Otherwise returns why it failed, or undefined where the error says it.
 */
export async function recoverLoad(
  error: unknown,
  data: DefinitionData<unknown>,
  builtFor: Target,
  options: LoadOptions,
): Promise<Problem | Instance | undefined> {
  if (error instanceof TypeError) return explainLoad(data, builtFor, options)
  const { code } = error as { readonly code?: unknown }
  const isMissing = code === 'target_unavailable' && !options.target && !options.device
  return isMissing && data.wasm ? (await data.wasm()).load(options) : undefined
}
