// assemble-cuda: the kernels of a module for CUDA -> machine code of the architectures that were asked for
//
// The compiler names machine code and has none: it runs no tools. What is missing or refused stops the build.

import { basename } from 'node:path'
import type { CompileResult, CudaResult, Diagnostic } from '@tsjit/compiler'
import type { Compiler } from './compiler.ts'
import { type Assembled, PTXAS_VARIABLE, findPtxas, runPtxas } from './ptxas.ts'

/** Machine code by architecture, or what is wrong. */
export interface AssembledCuda {
  readonly byArchitecture: ReadonlyMap<string, Assembled>
  readonly diagnostics: readonly Diagnostic[]
}

/** Assembles the PTX of a file, of each architecture its own where there is one. No tool (config_tool_missing) and what it refuses (target_not_assembled) are diagnostics. */
export async function assembleCuda(
  compiler: Compiler,
  file: string,
  { ptx, variants }: Pick<CudaResult, 'ptx' | 'variants'>,
  architectures: readonly string[],
): Promise<AssembledCuda> {
  const byArchitecture = new Map<string, Assembled>()
  const span = { file, start: 0, end: 0 }
  const tool = await findPtxas()
  if (tool === undefined) {
    const params = { architecture: architectures.join(', '), tool: 'ptxas', variable: PTXAS_VARIABLE }
    return { byArchitecture, diagnostics: [compiler.createDiagnostic('config_tool_missing', span, params)] }
  }
  const name = `${basename(file).replace(/\.tsjit(\.ts)?$/, '')}.ptx`
  const diagnostics = await Promise.all(
    architectures.map(async (architecture) => {
      try {
        const text = variants.find((each) => each.architecture === architecture)?.ptx ?? ptx
        byArchitecture.set(architecture, await runPtxas(tool, text, name, architecture))
        return []
      } catch (error) {
        const { message } = error as Error
        return [compiler.createDiagnostic('target_not_assembled', span, { tool: 'ptxas', architecture, message })]
      }
    }),
  )
  return { byArchitecture, diagnostics: diagnostics.flat() }
}

/** Returns a compilation with its machine code among its assets; as one that failed where there is none. */
export async function withCubins(compiler: Compiler, file: string, result: CompileResult): Promise<CompileResult> {
  const { cuda } = result
  if (cuda === undefined || cuda.cubins.length === 0) return result
  const { cubins } = cuda
  const architectures = cubins.map(({ architecture }) => architecture)
  const { byArchitecture, diagnostics } = await assembleCuda(compiler, file, cuda, architectures)
  if (diagnostics.length > 0) {
    return { ...result, code: '', map: null, types: '', diagnostics: [...result.diagnostics, ...diagnostics] }
  }
  const assets = cubins.flatMap(({ architecture, ...asset }) => {
    const assembled = byArchitecture.get(architecture)
    return assembled === undefined ? [] : [{ ...asset, bytes: assembled.code }]
  })
  return { ...result, assets: [...result.assets, ...assets] }
}
