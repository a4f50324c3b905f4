// c-header: models -> NAME.h

import { type Dim, dims } from '@tsjit/dsl/compiler'
import { elementTypes } from '../../base/c-text.ts'
import type { CMember, CModel } from './c-model.ts'
import { identifier } from './c-names.ts'
import type { CDevice } from './device.ts'

/** What a header depends on besides its models. */
export interface HeaderOptions {
  readonly name: string
  readonly device: CDevice
}

/** Returns the header. */
export function printHeader(models: readonly CModel[], { name, device }: HeaderOptions): string {
  const guard = `TSJIT_${identifier(name).toUpperCase()}_H`
  return `/* ${name}: compiled by tsjit. Do not edit.
 *
 * Every function returns TSJIT_OK or says with NAME_error what is wrong. A context is one loaded model with all of its
 * state: calls of one context must not overlap, different contexts know nothing of one another.
 *
${exampleOf(models[0])} *
 * Tensors lie row by row. f16 and bf16 are the bits of an element, bool is 0 or 1. \`size\` is how many elements there is
 * room for at \`data\`; an output with data = NULL is not wanted. Runs fill in the shapes of outputs. Outputs must not
 * overlap inputs.
 */
#ifndef ${guard}
#define ${guard}

#include <stddef.h>
#include <stdint.h>

#ifndef TSJIT_STATUS
#define TSJIT_STATUS
enum {
  TSJIT_OK = 0,
  /* A call does not fit the model. */
  TSJIT_REFUSED = 1,
  /* The weights cannot be read, or are those of another model. */
  TSJIT_WEIGHTS = 2,
  /* The machine lacks memory, or a device. */
  TSJIT_MACHINE = 3
};
#endif

#ifdef __cplusplus
extern "C" {
#endif

${models.map((model) => printModel(model, device)).join('\n')}
#ifdef __cplusplus
}
#endif

#endif
`
}

/** How the first model is used. */
function exampleOf(model: CModel | undefined): string {
  if (model === undefined) return ''
  const { prefix: p, inputs, outputs, weights, isSeeded } = model
  const sizes = (shape: CMember['type']['shape']): string => `{ ${shape.map(dims.printDim).join(', ')} }`
  const given = inputs.map(({ name, type }) => {
    return `.${name} = { ${name}${type.shape.length === 0 ? '' : `, ${sizes(type.shape)}`} }`
  })
  const results = outputs.map(({ name, type: { shape } }) => {
    const count = shape.length === 0 ? '1' : shape.map((size) => operandText(size)).join(' * ')
    return `.${name} = { ${name}, ${count}${shape.length === 0 ? '' : ', { 0 }'} }`
  })
  const path = weights.length === 0 ? 'NULL' : '"weights.safetensors"'
  const call = `${p}_run(net, &in, &out${isSeeded ? ', 1' : ''})`
  const lines = [
    `${p}_ctx *net;`,
    `${p}_inputs in = { ${given.join(', ') || '0'} };`,
    `${p}_outputs out = { ${results.join(', ') || '0'} };`,
    `if (${p}_open(&net, ${path}) || ${call}) puts(${p}_error(net));`,
    `${p}_close(net);`,
  ]
  return lines.map((line) => ` *   ${comment(line)}\n`).join('')
}

function operandText(size: Dim): string {
  const text = dims.printDim(size)
  return /^\w+$/.test(text) ? text : `(${text})`
}

function printModel(model: CModel, device: CDevice): string {
  const { prefix: p, inputs, outputs, weights, programs } = model
  const sizes = model.dims.map(({ name, min, max, multipleOf }) => {
    const bounds = Number.isFinite(max) ? `${min} to ${max}` : `at least ${min}`
    return ` * ${comment(name)}: ${bounds}${multipleOf === 1 ? '' : `, a multiple of ${multipleOf}`}\n`
  })
  const seed = model.isSeeded ? ', int64_t seed' : ''
  const call = `${p}_ctx *ctx, const ${p}_inputs *in, ${p}_outputs *out`
  const perMode = (declare: (suffix: string, mode: string) => string): string =>
    model.modes
      .map((mode, i) => declare(i === 0 ? '' : `_${mode}`, model.modes.length > 1 ? ` in ${mode} mode` : ''))
      .join('')
  const hasState = programs.some(({ updates }) => updates.length > 0)
  return `/* ${comment(model.name)}${sizes.length === 0 ? ' */' : `\n *\n${sizes.join('')} */`}
typedef struct ${p}_ctx ${p}_ctx;

typedef struct ${p}_inputs {
${members(inputs, 'const ', '')}
} ${p}_inputs;

typedef struct ${p}_outputs {
${members(outputs, '', ' int64_t size;')}
} ${p}_outputs;

/* Opens the model; *ctx is also set where that fails, for its error. weights: ${weightsText(weights.length > 0)} */
int ${p}_open(${p}_ctx **ctx, const char *weights);
${weights.length > 0 ? `/* The same with the bytes of such a file, which are copied. */\nint ${p}_open_bytes(${p}_ctx **ctx, const void *weights, size_t size);\n` : ''}${device.isQueued ? `/* The same on another device than the first. */\nint ${p}_open_on(${p}_ctx **ctx, const char *weights, int device);\n` : ''}${perMode(
    (suffix, mode) => `
/* Fills in the shapes of the outputs${mode} for the shapes of the inputs; elements are not read. */
int ${p}_shapes${suffix}(${call});
/* Runs the model${mode}.${model.isSeeded ? ' Equal seeds give equal random numbers.' : ''}${hasState ? ' What it keeps is kept in ctx.' : ''} */
int ${p}_run${suffix}(${call}${seed});
${device.isQueued ? `/* The same on memory of the device, queued on a stream (a CUstream or cudaStream_t, NULL for the default one). */\nint ${p}_enqueue${suffix}(${p}_ctx *ctx, void *stream, const ${p}_inputs *in, ${p}_outputs *out${seed});\n` : ''}`,
  )}${hasState ? `\n/* Writes the weights as they are now as a safetensors file. */\nint ${p}_save(${p}_ctx *ctx, const char *path);\n` : ''}
/* What the last failure was, with its code (see https://tsjit.dev/e/). Valid until the next call. */
const char *${p}_error(const ${p}_ctx *ctx);
void ${p}_close(${p}_ctx *ctx);
`
}

function weightsText(hasWeights: boolean): string {
  if (!hasWeights) return 'NULL, it has none.'
  return 'path of a safetensors file,\n   or NULL where they are compiled in. */'.slice(0, -3)
}

function members(list: readonly CMember[], access: string, more: string): string {
  if (list.length === 0) return '  char none;'
  return list
    .map(({ name, type, comment: text }) => {
      const shape = type.shape.length === 0 ? '' : ` int64_t shape[${type.shape.length}];`
      return `  /* ${comment(text)} */\n  struct { ${access}${elementTypes[type.dtype]} *data;${more}${shape} } ${name};`
    })
    .join('\n')
}

/** A text that may stand in a comment. */
function comment(text: string): string {
  return text.replaceAll('*/', '* /')
}
