// print-kernel: kernel -> a C function
//
// (parameters, sizes that it reads, scratch memory, groups): runs all groups. A kernel for this target has one lane a
// group and no barriers; parameters that are written overlap no other.

import { elementTypes } from '../../base/c-text.ts'
import { internalError, invariant } from '../../base/invariant.ts'
import type { Kernel, Stmt } from '../../ir/kernel/kernel.ts'
import { noMatrices } from '../no-matrices.ts'
import { splitGroups } from '../split-groups.ts'
import { cType } from './c-types.ts'
import { dropUnused, namesRead } from './drop-unused.ts'
import { placeInArray, printExpression } from './print-expression.ts'
import { printIndex } from './print-index.ts'
import { type FunctionContext, createFunctionContext, dtypeOf, symbolText } from './printer-context.ts'
import { printStore } from './storage.ts'

/** The function of a kernel. */
export interface KernelFunction {
  readonly text: string
  /** Which of its buffers it takes: those that it touches. */
  readonly params: readonly number[]
  /** Which of the dimensions and of the scalars of a launch it takes, in order, after its buffers. */
  readonly dims: readonly number[]
  readonly scalars: readonly number[]
  /** Whether it takes scratch memory after these. The number of groups comes last. */
  readonly hasScratch: boolean
}

/** Returns the function of a kernel. */
export function printKernel(source: Kernel, name: string): KernelFunction {
  const kernel = { ...source, body: dropUnused(source.body) }
  invariant(
    kernel.lanes.every((count) => count === 1),
    `${kernel.name} has one lane a group`,
  )
  const context = createFunctionContext(kernel)
  const read = namesRead(kernel.body)
  const dims = kernel.dims.flatMap((dim, i) => (read.has(dim) ? [i] : []))
  const scalars = Array.from({ length: kernel.scalars }, (_, i) => i).filter((i) => read.has(`s${i}`))
  const { once, each } = splitGroups(kernel)
  const before = printBlock(once, context, '  ')
  const lines = printBlock(each, context, '    ')
  const words = new Set([...before, ...lines].join('\n').match(/\b\w+\b/g))
  const used = kernel.params.flatMap((param, i) => (words.has(param.name) ? [{ param, i }] : []))
  const touched = [...context.arrays].filter(([array]) => words.has(array))
  const hasScratch = touched.length > 0
  const params = [
    ...used.map(({ param: { name: param, dtype, access } }) => {
      return `${access === 'read' ? 'const ' : ''}${elementTypes[dtype]} *restrict ${param}`
    }),
    ...dims.map((i) => `ptrdiff_t dim${i}`),
    ...scalars.map((i) => `ptrdiff_t s${i}`),
    ...(hasScratch ? ['unsigned char *scratch'] : []),
    'ptrdiff_t groups',
  ]
  const arrays = touched.map(
    ([
      array,
      {
        array: { type },
        offset,
      },
    ]) => {
      const element = type === 'bool' ? 'uint32_t' : cType(type, 1)
      return `  ${element} *const ${array} = (${element} *)(void *)(scratch + ${offset});`
    },
  )
  const text = [
    `static void ${name}(${params.join(', ')})`,
    '{',
    ...arrays,
    ...before,
    '  for (ptrdiff_t g0 = 0; g0 < groups; g0++) {',
    ...lines,
    '  }',
    '}',
  ].join('\n')
  return { text, params: used.map(({ i }) => i), dims, scalars, hasScratch }
}

function printBlock(stmts: readonly Stmt[], context: FunctionContext, indent: string): readonly string[] {
  return stmts.flatMap((stmt) => printStatement(stmt, context, indent))
}

type StmtOf<K extends Stmt['kind']> = Extract<Stmt, { readonly kind: K }>
type Printers = {
  readonly [K in Stmt['kind']]: (stmt: StmtOf<K>, context: FunctionContext, indent: string) => readonly string[]
}

const printers: Printers = {
  let: ({ name, value }, context, indent) => {
    if (value.kind === 'index') {
      context.wide.add(name)
      return [`${indent}const ptrdiff_t ${name} = ${printIndex(value.value, symbolText(context))};`]
    }
    return [`${indent}const ${cType(value.type, value.width)} ${name} = ${printExpression(value, context)};`]
  },
  var: ({ name, type, width, length, init }, context, indent) => {
    if (length !== undefined) return internalError('one lane has no arrays in registers')
    return [`${indent}${cType(type, width)} ${name} = ${printExpression(init, context)};`]
  },
  set: ({ name, value }, context, indent) => [`${indent}${name} = ${printExpression(value, context)};`],
  for: ({ name, count, body }, context, indent) => {
    context.wide.add(name)
    const limit = printIndex(count, symbolText(context))
    const isPlain = /^\w+$/.test(limit)
    // named before the loop: it may be long
    const [init, bound] = isPlain ? [`${name} = 0`, limit] : [`${name} = 0, ${name}_end = ${limit}`, `${name}_end`]
    return [
      `${indent}for (ptrdiff_t ${init}; ${name} < ${bound}; ${name}++) {`,
      ...printBlock(body, context, `${indent}  `),
      `${indent}}`,
    ]
  },
  if: ({ condition, then, otherwise }, context, indent) => [
    `${indent}if (${printExpression(condition, context)}) {`,
    ...printBlock(then, context, `${indent}  `),
    ...(otherwise.length === 0 ? [] : [`${indent}} else {`, ...printBlock(otherwise, context, `${indent}  `)]),
    `${indent}}`,
  ],
  store: ({ param, index, value }, context, indent) => {
    const place = { pointer: param, index: printIndex(index, symbolText(context)) }
    return [indent + printStore(dtypeOf(context, param), value.width, place, printExpression(value, context))]
  },
  groupStore: ({ array, index, value }, context, indent) => {
    const place = placeInArray(context, array, index)
    const { type, width } = value
    const text = printExpression(value, context)
    if (type !== 'bool') return [indent + printStore(type, width, place, text)]
    return [indent + printStore('u32', width, place, width > 1 ? text : `(uint32_t)${text}`)]
  },
  agree: ({ name, value }, context, indent) => [`${indent}const int32_t ${name} = ${printExpression(value, context)};`],
  // one lane is all of them
  combine: ({ name, value }, context, indent) => [
    `${indent}const ${cType(value.type, value.width)} ${name} = ${printExpression(value, context)};`,
  ],
  while: ({ name, test, condition, body }, context, indent) => {
    context.wide.add(name)
    const inner = `${indent}  `
    return [
      `${indent}for (ptrdiff_t ${name} = 0;; ${name}++) {`,
      ...printBlock(test, context, inner),
      `${inner}if (!(${printExpression(condition, context)})) break;`,
      ...printBlock(body, context, inner),
      `${indent}}`,
    ]
  },
  barrier: () => [], // one lane waits for nobody
  ...noMatrices,
}

function printStatement<K extends Stmt['kind']>(
  stmt: StmtOf<K> & { readonly kind: K },
  context: FunctionContext,
  indent: string,
): readonly string[] {
  return printers[stmt.kind](stmt, context, indent)
}
