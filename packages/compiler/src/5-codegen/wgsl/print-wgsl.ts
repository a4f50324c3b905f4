// print-wgsl: kernel -> WGSL
//
// One module with one entry point, `main`. Binding n of group 0 is parameter n; after the parameters comes the uniform
// with the values of dimensions and scalars, where the kernel uses any. Decides nothing about the kernel's shape.

import { invariant } from '../../base/invariant.ts'
import type { Kernel } from '../../ir/kernel/kernel.ts'
import { expandCombines } from '../../ir/kernel/expand-combines.ts'
import type { PrintedKernel } from '../../ir/kernel/printed-kernel.ts'
import { type StmtContext, linesOf } from './lines.ts'
import { minifyWgsl } from './minify.ts'
import { type NameStyle, createNames } from './names.ts'
import { type Node, createNumbering } from './nodes.ts'
import { type Printer, createPrinter } from './print-lines.ts'
import { printRoutines, vectorName } from './routines.ts'
import { type PrintedArray, declareParam, ownAccess, printedParams } from './storage.ts'
import { createSymbols } from './symbols.ts'
import { call } from './text.ts'
import { type CallRoutine, HALF, typeName } from './types.ts'
import { checkLimits } from '../check-limits.ts'
import { wgslLimits } from './limits.ts'

/** How to print. */
export interface PrintOptions {
  readonly names: NameStyle
  /** One letter a parameter, by what it is bound to: 'r' read-only, 'w' read_write (whatever lies in the arena). */
  readonly access?: string
}

/** Prints a verified kernel. Throws `internal: …` where it breaks WebGPU's limits. */
export function printWgsl(given: Kernel, options: PrintOptions): PrintedKernel {
  const kernel = expandCombines(given)
  checkLimits(kernel, wgslLimits, 'WebGPU')
  const access = options.access ?? ownAccess(kernel.params)
  invariant(access.length === kernel.params.length, `${kernel.name}: ${access} is not one letter for each parameter`)
  const names = createNames(options.names)
  const called = new Set<string>()
  const routine: CallRoutine = (name, width, ...args) => {
    const full = width === 1 ? name : vectorName(name, width)
    called.add(full)
    return call(full, ...args)
  }
  const numbering = createNumbering()
  const params = printedParams(kernel, names)
  const arrays = new Map<string, PrintedArray>(
    kernel.arrays.map((array) => [array.name, { name: names.fresh(array.name), writes: 0 }]),
  )
  const symbols = createSymbols(kernel, names, numbering)
  const lets = new Map<string, Node>()
  const context: StmtContext = {
    names,
    lanes: kernel.lanes,
    numbering,
    routine,
    params,
    arrays,
    vars: new Map(),
    lets,
    unrolled: new Map(),
    known: new Map(),
    symbol: (name) => lets.get(name) ?? symbols.node(name),
  }
  const lines = numbering.inner(() => linesOf(kernel.body, context))
  const printer: Printer = createPrinter(names)
  const body = printer.print(lines)
  const declarations = [
    // first, where the runtime finds it
    ...(kernel.params.some(({ dtype }) => dtype === 'f16') ? [`alias ${HALF} = f32;`] : []),
    ...[...params.values()].map((param, i) => declareParam(i, param, access.charAt(i))),
    ...symbols.declarations(kernel.params.length),
    ...kernel.arrays.map(({ name, type, width, length }) => {
      return `var<workgroup> ${arrays.get(name)?.name ?? name}: array<${typeName(type, width)}, ${length}>;`
    }),
  ]
  const head = `@compute @workgroup_size(${kernel.lanes.join(', ')})\nfn main(${symbols.builtins().join(', ')}) {`
  const prelude = symbols.prelude().map((text) => `  ${text}\n`)
  const code = [...declarations, ...printRoutines(called), `${head}\n${prelude.join('')}${body}}`].join('\n')
  return {
    code: options.names === 'minified' ? minifyWgsl(code) : `${code}\n`,
    access,
    uniform: symbols.usesUniform(),
    features: [],
  }
}
