// print-file: plans -> one WebAssembly module, in two forms

import type { PlacedPlan, PrintedFile, WasmProgram } from '../../ir/plan/printed-program.ts'
import { printModule } from './print-module.ts'

/** Compiles the programs of all plans to one module. */
export async function printWasmFile(
  plans: readonly PlacedPlan[],
  { profile = false }: { readonly profile?: boolean },
): Promise<PrintedFile> {
  const { programs, baseline, relaxed } = await printModule(plans, profile)
  const assets = [
    { suffix: '.wasm', placeholder: '__TSJIT_WASM__', bytes: baseline },
    { suffix: '.relaxed.wasm', placeholder: '__TSJIT_WASM_RELAXED__', bytes: relaxed },
  ]
  const [{ placeholder: first } = { placeholder: '' }, { placeholder: second } = { placeholder: '' }] = assets
  return {
    module: { target: 'wasm', baseline: first, relaxed: second },
    assets: plans.length === 0 ? [] : assets,
    programs: programs.map((program): WasmProgram => ({ target: 'wasm', ...program })),
    codeBytes: plans.map(() => baseline.length),
  }
}
