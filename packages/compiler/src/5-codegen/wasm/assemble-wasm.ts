// assemble-wasm: functions as text -> a WebAssembly module
//
// Binaryen assembles and optimises. It is loaded when the first module is made: a build that has none never pays for it.

import { internalError } from '../../base/invariant.ts'
import { orderLoops } from './order-loops.ts'
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

/** The bytes of a module in both forms. */
export interface WasmForms {
  readonly baseline: Uint8Array
  readonly relaxed: Uint8Array
}

/** Returns the bytes of a module. */
export async function assembleWasm(parts: WasmParts): Promise<Uint8Array> {
  return (await assembleWithText(parts)).bytes
}

/** Returns the bytes of a module in both forms. They are optimised as one: they differ in a single instruction. */
export async function assembleForms(parts: Omit<WasmParts, 'relaxed'>): Promise<WasmForms> {
  const { bytes, text } = await assembleWithText({ ...parts, relaxed: true })
  const plain = withoutRelaxed(text)
  return { relaxed: bytes, baseline: plain === text ? bytes : (await assembled(plain, false, [])).bytes }
}

async function assembleWithText(parts: WasmParts): Promise<Assembled> {
  const text = moduleText(parts)
  try {
    const optimized = await assembled(text, parts.relaxed, 'all')
    const ordered = orderLoops(optimized.text)
    return ordered === undefined ? optimized : await assembled(ordered, parts.relaxed, IN_ORDER)
  } catch (error) {
    // Binaryen descends into nested expressions: what it has nested too deep for this stack is left as it was printed.
    if (error instanceof RangeError) return { text, bytes: (await assembled(text, parts.relaxed, [])).bytes }
    throw error
  }
}

/** Passes that leave instructions in order: locals that nothing reads, or that one could be, go. */
const IN_ORDER = ['coalesce-locals', 'vacuum', 'reorder-locals']

interface Assembled {
  readonly bytes: Uint8Array
  readonly text: string
}

async function assembled(text: string, isRelaxed: boolean, passes: 'all' | readonly string[]): Promise<Assembled> {
  const { default: binaryen } = await import('binaryen')
  const { Features } = binaryen
  const module = binaryen.parseText(text)
  try {
    module.setFeatures(
      Features.SIMD128 |
        Features.NontrappingFPToInt |
        Features.SignExt |
        Features.BulkMemory |
        Features.MutableGlobals |
        (isRelaxed ? Features.RelaxedSIMD : 0),
    )
    if (module.validate() === 0) return internalError('the printed module is not valid WebAssembly')
    binaryen.setOptimizeLevel(3)
    binaryen.setShrinkLevel(0)
    binaryen.setAlwaysInlineMaxSize(160)
    if (passes === 'all') module.optimize()
    else module.runPasses([...passes])
    return { bytes: module.emitBinary(), text: passes.length > 0 ? module.emitText() : text }
  } finally {
    module.dispose()
  }
}

/** (f32x4.relaxed_madd a b c) -> (f32x4.add (f32x4.mul a b) c), which evaluates its operands in the same order. */
export function withoutRelaxed(text: string): string {
  /** Of each open expression, how many operands it has had; undefined for all but the multiply-adds. */
  const open: (number | undefined)[] = []
  return text.replace(/"(?:[^"\\]|\\.)*"|;;.*|\(;[\s\S]*?;\)|\((f32x4\.relaxed_madd\b)?|\)/g, (token, madd) => {
    if (madd !== undefined) {
      open.push(0)
      return '(f32x4.add (f32x4.mul'
    }
    if (token === '(') open.push(undefined)
    if (token !== ')') return token
    open.pop()
    const operands = open.pop()
    open.push(operands === undefined ? undefined : operands + 1)
    return operands === 1 ? '))' : ')'
  })
}
