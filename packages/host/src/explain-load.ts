// explain-load: options of `load` that a compiled model cannot follow -> why
import { CONTRACT_VERSION, type DefinitionData, type LoadOptions, type Target } from './contract.ts'
import type { Problem } from './errors.ts'

/** Returns why a model cannot be loaded with these options on the target it was built for. */
export function explainLoad(
  { name, contract, programs }: DefinitionData<unknown>,
  target: Target,
  options: LoadOptions,
): Problem {
  if (contract !== CONTRACT_VERSION) {
    const versions = `\`${name}\` was compiled for contract ${contract}, and this runtime reads ${CONTRACT_VERSION}`
    return {
      code: 'contract_mismatch',
      message: `${versions}: install one version of all tsjit packages and build again`,
    }
  }
  if (options.target !== undefined && options.target !== target) {
    const message = `\`${name}\` was built for ${target}, not for ${options.target}; add it to the targets of the build`
    return { code: 'target_unavailable', message }
  }
  const modes = Object.keys(programs).join(' and ')
  return { code: 'target_unavailable', message: `\`${name}\` was built for mode ${modes}, not for ${options.mode}` }
}
