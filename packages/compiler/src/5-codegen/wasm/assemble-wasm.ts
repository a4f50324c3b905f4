// assemble-wasm: functions as text -> a WebAssembly module
//
// Binaryen assembles and optimises. It is loaded when the first module is made: a build that has none never pays for it.

import { internalError } from '../../base/invariant.ts'
import { poolConstants } from './pool-constants.ts'
import { printRoutines, routineStyle } from './routines.ts'

/** What a module is made of. */
export interface WasmParts {
  /** Texts of functions; what they call of the library is added. */
  readonly functions: readonly string[]
  /** Functions by the name under which they are exported. */
  readonly exports: ReadonlyMap<string, string>
  /** Whether instructions of relaxed SIMD may be used. */
  readonly relaxed: boolean
}

/** Returns the text of a module. */
export function moduleText({ functions, exports, relaxed }: WasmParts): string {
  const code = functions.join('\n')
  const library = printRoutines(code, routineStyle(relaxed))
  const pooled = poolConstants([...library.functions, code].join('\n'))
  const exported = [...exports].map(([name, func]) => `(export "${name}" (func $${func}))`)
  return [
    '(module',
    ...library.imports,
    '(import "m" "memory" (memory 1))',
    pooled.data,
    ...exported,
    pooled.code,
    ')',
  ].join('\n')
}

/** Returns the bytes of a module. */
export async function assembleWasm(parts: WasmParts): Promise<Uint8Array> {
  try {
    return await assembled(parts, true)
  } catch (error) {
    // Binaryen descends into nested expressions: what it has nested too deep for this stack is left as it was printed.
    if (error instanceof RangeError) return assembled(parts, false)
    throw error
  }
}

async function assembled(parts: WasmParts, isOptimized: boolean): Promise<Uint8Array> {
  const { default: binaryen } = await import('binaryen')
  const { Features } = binaryen
  const text = moduleText(parts)
  const module = binaryen.parseText(text)
  try {
    module.setFeatures(
      Features.SIMD128 |
        Features.NontrappingFPToInt |
        Features.SignExt |
        Features.BulkMemory |
        Features.MutableGlobals |
        (parts.relaxed ? Features.RelaxedSIMD : 0),
    )
    if (module.validate() === 0) return internalError('the printed module is not valid WebAssembly')
    binaryen.setOptimizeLevel(3)
    binaryen.setShrinkLevel(0)
    binaryen.setAlwaysInlineMaxSize(100)
    if (isOptimized) module.optimize()
    return module.emitBinary()
  } finally {
    module.dispose()
  }
}
