// emit-c: models -> a header and a source in C99
//
// The source has the kernels, tables that describe the models, and one small host program over these tables; what
// differs between devices are the functions of its row. No dependency but the standard library of C.

import { elementTypes } from '../../base/c-text.ts'
import type { CModel, CSourceModel } from './c-model.ts'
import { describeModels, typeText } from './c-model.ts'
import { printHeader } from './c-header.ts'
import { cString } from './c-names.ts'
import { printProgram, printSlots } from './c-program.ts'
import { printWrappers } from './c-wrappers.ts'
import { braces, dataArray } from './c-tables.ts'
import type { CKernelCode, CLanguage } from './language.ts'
import { callText } from './text-call.ts'
import { headerText } from './text-header.ts'
import { openText, saveText } from './text-open.ts'
import { runText } from './text-run.ts'
import { typesText } from './text-types.ts'
import { weightsText } from './text-weights.ts'

/** How to write it. */
export interface CEmitOptions {
  /** The name of the files, without their ending. */
  readonly name: string
  readonly kernels: CKernelCode
  readonly language: CLanguage
  /** Whether another file has the weights. */
  readonly isEmbedded: boolean
}

/** A file. */
export interface CFile {
  readonly name: string
  readonly text: string
}

/** Returns the files. */
export function emitC(
  models: readonly CSourceModel[],
  options: CEmitOptions,
): { readonly files: readonly CFile[]; readonly models: readonly CModel[] } {
  const { name, kernels, language } = options
  const described = describeModels(models, name)
  // launches are printed first: they say how much room they need
  const tables = described.map((model) => printModel(model, options)).join('\n\n')
  const hasWeights = described.some(({ weights }) => weights.length > 0)
  const hasState = described.some(({ weights }) => weights.some(({ isKept }) => isKept))
  const most = Math.max(1, ...described.map(({ inputs }) => inputs.length))
  const host = [
    `#define TJ_MOST_INPUTS ${most}\n\n${kernels.device.types}`,
    typesText,
    kernels.device.functions,
    ...Object.entries(kernels.device.optional).flatMap(([key, text]) => (tables.includes(`${key}(`) ? [text] : [])),
    callText,
    runText,
    openText,
    ...(hasWeights ? [headerText, weightsText] : []),
    ...(hasState ? [saveText] : []),
    startText(hasWeights),
    ...(tables.includes('tj_quotient(') ? [quotientText] : []),
    tables,
  ].join('\n\n')
  const code = [kernels.code, host].filter((text) => text !== '').join('\n\n')
  const hasMath = /\b(NAN|INFINITY)\b/.test(code)
  const headers = ['stdarg.h', 'stdio.h', 'stdlib.h', 'string.h', ...(hasMath ? ['math.h'] : [])]
  const source = `/* ${name}: compiled by tsjit. Do not edit. C99; needs the standard library only. */
#if defined(__FAST_MATH__)
#error "compile this file without -ffast-math: NaN and infinities mean something here"
#endif
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "files of weights are read as they are, on machines that store low bytes first"
#endif
#if defined(_MSC_VER) && !defined(__clang__)
#define _CRT_SECURE_NO_WARNINGS 1
#define restrict __restrict
#endif

#include "${name}.h"

${[...headers.map((header) => `#include <${header}>`), ...kernels.device.includes].join('\n')}

${language.library(code)}

${code}
`
  const header = printHeader(described, { name, device: kernels.device })
  const files = [
    { name: `${name}.h`, text: header },
    { name: `${name}.c`, text: source },
  ]
  return { files, models: described }
}

const quotientText = `static ptrdiff_t tj_quotient(ptrdiff_t a, ptrdiff_t b)
{
  return b == 0 ? -1 : idx_div(a, b);
}`

function startText(hasWeights: boolean): string {
  const load = hasWeights ? `  if (status == TSJIT_OK) status = tj_loadWeights(c, path, bytes, size);` : '  (void)size;'
  return `/* Opens a context that the caller has made. */
static int tj_start(tj_ctx *c, const tj_model *m, const char *path, const void *bytes, size_t size, int device)
{
  int isOwn = path == NULL && bytes == NULL;
  int status = tj_prepare(c, m, device, isOwn ? m->embedded : NULL);
${load}
  /* runs may be queued on streams that know nothing of this one */
  if (status == TSJIT_OK) status = tj_wait(c);
  if (c->isOpen) tj_leave(c);
  return status;
}`
}

function printModel(model: CModel, { kernels, language, isEmbedded }: CEmitOptions): string {
  const { prefix: p, inputs, weights, constants } = model
  const programs = model.programs.map((program, i) => printProgram(program, `${p}_p${i}`, kernels, language))
  const parts: string[] = []
  parts.push(printSlots(`${p}_input`, inputs))
  if (inputs.length > 0)
    parts.push(`static const unsigned ${p}_optional[] = ${braces(inputs.map(({ bit }) => `${bit}u`))};`)
  weights.forEach(({ shape }, i) => {
    if (shape.length > 0) parts.push(`static const int64_t ${p}_shape_${i}[] = ${braces(shape.map(String))};`)
  })
  const weightRows = weights.map(({ path, dtype, shape, isKept, isWide }, i) => {
    const count = shape.reduce((product, size) => product * size, 1)
    const text = typeText({ dtype, shape })
    const own = shape.length === 0 ? 'NULL' : `${p}_shape_${i}`
    return `{ ${cString(path)}, ${cString(text)}, TJ_${dtype.toUpperCase()}, ${shape.length}, ${Number(isKept)}, ${Number(isWide)}, ${own}, ${count} }`
  })
  if (weights.length > 0) parts.push(`static const tj_weight ${p}_weight[] = ${braces(weightRows)};`)
  constants.forEach(({ dtype, data }, i) => parts.push(dataArray(`${p}_data_${i}`, dtype, data)))
  const constantRows = constants.map(
    ({ dtype, data }, i) => `{ ${p}_data_${i}, ${Math.max(1, data.length)} * sizeof(${elementTypes[dtype]}) }`,
  )
  if (constants.length > 0) parts.push(`static const tj_constant ${p}_constant[] = ${braces(constantRows)};`)
  const isOwn = isEmbedded && weights.length > 0
  if (isOwn) parts.push(`extern const void *const ${p}_embedded[];`)
  parts.push(...programs.map(({ text }) => text))
  parts.push(`static const tj_program ${p}_program[] = {\n  ${programs.map(({ row }) => row).join(',\n  ')}\n};`)
  const maxima = [
    Math.max(...programs.map(({ slots }) => slots)),
    Math.max(...model.programs.map(({ plan }) => plan.graph.dims.length)),
    Math.max(...programs.map(({ axes }) => axes)),
    Math.max(...model.programs.map(({ plan }) => plan.transients.length)),
  ]
  const scratch = Math.max(...model.programs.map(({ plan }) => kernels.scratchBytes(plan)))
  const ref = (key: string, list: readonly unknown[]): string => (list.length === 0 ? 'NULL' : `${p}_${key}`)
  const counts = [inputs.length, programs.length, weights.length, constants.length]
  const row = [
    cString(model.name),
    ...counts,
    ref('input', inputs),
    ref('optional', inputs),
    `${p}_program`,
    ref('weight', weights),
    ref('constant', constants),
    isOwn ? `${p}_embedded` : 'NULL',
    scratch,
    ...maxima,
  ]
  parts.push(`static const tj_model ${p}_model = { ${row.join(', ')} };`)
  parts.push(printWrappers(model, kernels.device))
  return parts.filter((part) => part !== '').join('\n\n')
}

/** Weights to compile in: elements by model and weight, as memory holds them. */
export interface EmbeddedModel {
  readonly name: string
  readonly weights: readonly { readonly dtype: CModel['weights'][number]['dtype']; readonly data: ArrayLike<number> }[]
}

/** Returns the file with the weights of models. */
export function emitWeights(name: string, models: readonly EmbeddedModel[]): CFile {
  const parts = models.map(({ name: p, weights }) => {
    const arrays = weights.map(({ dtype, data }, i) => dataArray(`${p}_weight_${i}`, dtype, data, true))
    const list = braces(weights.map((_, i) => `${p}_weight_${i}`))
    const declared = `extern const void *const ${p}_embedded[];\nconst void *const ${p}_embedded[] = ${list};`
    return [...arrays, declared].join('\n')
  })
  const body = parts.join('\n\n')
  const math = /\b(NAN|INFINITY)\b/.test(body) ? '#include <math.h>\n' : ''
  return { name: `${name}.weights.c`, text: `/* The weights of ${name}. */\n${math}#include <stdint.h>\n\n${body}\n` }
}
