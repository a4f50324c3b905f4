// c-wrappers: the functions that the header declares, in terms of the tables

import type { CModel } from './c-model.ts'
import { braces } from './c-tables.ts'
import type { CDevice } from './device.ts'

/** Returns the functions of a model. */
export function printWrappers(model: CModel, device: CDevice): string {
  const { prefix: p, modes, weights } = model
  const parts = [
    `struct ${p}_ctx {\n  tj_ctx c;\n};`,
    opener(model, 'open', 'const char *weights', 'weights, NULL, 0, 0'),
    ...(weights.length > 0
      ? [opener(model, 'open_bytes', 'const void *weights, size_t size', 'NULL, weights, size, 0')]
      : []),
    ...(device.isQueued
      ? [opener(model, 'open_on', 'const char *weights, int device', 'weights, NULL, 0, device')]
      : []),
    ...modes.flatMap((mode, i) => {
      const suffix = i === 0 ? '' : `_${mode}`
      return [
        call(model, { name: `shapes${suffix}`, mode: i, what: 'TJ_SHAPES', stream: false }),
        call(model, { name: `run${suffix}`, mode: i, what: 'TJ_RUN', stream: false }),
        ...(device.isQueued
          ? [call(model, { name: `enqueue${suffix}`, mode: i, what: 'TJ_ENQUEUE', stream: true })]
          : []),
      ]
    }),
    ...(weights.some(({ isKept }) => isKept) ? [saver(model)] : []),
    `const char *${p}_error(const ${p}_ctx *ctx)
{
  return ctx == NULL ? "target_limit_exceeded: no memory" : ctx->c.error;
}`,
    `void ${p}_close(${p}_ctx *ctx)
{
  if (ctx == NULL) return;
  tj_close(&ctx->c);
  free(ctx);
}`,
  ]
  return parts.join('\n\n')
}

function opener({ prefix: p }: CModel, name: string, params: string, given: string): string {
  return `int ${p}_${name}(${p}_ctx **ctx, ${params})
{
  *ctx = calloc(1, sizeof **ctx);
  return *ctx == NULL ? TSJIT_MACHINE : tj_start(&(*ctx)->c, &${p}_model, ${given});
}`
}

interface CallOptions {
  readonly name: string
  readonly mode: number
  readonly what: string
  readonly stream: boolean
}

function call(model: CModel, { name, mode, what, stream }: CallOptions): string {
  const { prefix: p, inputs, outputs } = model
  const takesSeed = model.isSeeded && what !== 'TJ_SHAPES'
  const inputRows = inputs.map(
    (m) => `{ in->${m.name}.data, ${m.type.shape.length === 0 ? 'NULL' : `in->${m.name}.shape`} }`,
  )
  const outputRows = outputs.map(
    (m) =>
      `{ out->${m.name}.data, out->${m.name}.size, ${m.type.shape.length === 0 ? 'NULL' : `out->${m.name}.shape`} }`,
  )
  const given =
    inputs.length === 0 ? '  const tj_in *given = NULL;\n  (void)in;' : `  const tj_in given[] = ${braces(inputRows)};`
  const results =
    outputs.length === 0 ? '  tj_out *results = NULL;\n  (void)out;' : `  tj_out results[] = ${braces(outputRows)};`
  const params = `${p}_ctx *ctx, ${stream ? 'void *stream, ' : ''}const ${p}_inputs *in, ${p}_outputs *out${takesSeed ? ', int64_t seed' : ''}`
  return `int ${p}_${name}(${params})
{
${given}
${results}
  ${stream ? `ctx->c.device.stream = stream;\n  int status = ` : 'return '}tj_call(&ctx->c, ${mode}, ${what}, given, results, ${takesSeed ? 'seed' : '0'});
${stream ? '  ctx->c.device.stream = ctx->c.device.own;\n  return status;\n' : ''}}`
}

const fileDTypes = {
  f32: 'F32',
  f16: 'F16',
  bf16: 'BF16',
  i32: 'I32',
  u32: 'U32',
  i8: 'I8',
  u8: 'U8',
  bool: 'BOOL',
} as const
const bytes = { f32: 4, f16: 2, bf16: 2, i32: 4, u32: 4, i8: 1, u8: 1, bool: 1 } as const

/**
 * What the file begins with is known, in the order of `tj_save`: wide elements first. It is an array: compilers allow no
 * strings of such a length.
 */
function saver({ prefix: p, weights }: CModel): string {
  let at = 0
  const widthOf = ({ dtype, isWide }: CModel['weights'][number]): number => (isWide ? 8 : bytes[dtype])
  const order = weights.map((weight, i) => ({ weight, i })).sort((a, b) => widthOf(b.weight) - widthOf(a.weight))
  const entries = order.map(({ weight }) => {
    const { path, dtype, shape, isWide } = weight
    const begin = at
    at += shape.reduce((product, size) => product * size, widthOf(weight))
    return [path, { dtype: isWide ? 'I64' : fileDTypes[dtype], shape, data_offsets: [begin, at] }] as const
  })
  const text = JSON.stringify(Object.fromEntries(entries))
  const header = new TextEncoder().encode(text + ' '.repeat((8 - (new TextEncoder().encode(text).length % 8)) % 8))
  // char may have a sign or none
  const chars = [...header, 0].map((byte) => (byte < 128 ? String(byte) : `(char)${byte}`))
  return `static const char ${p}_header[] = ${braces(chars)};

static const int ${p}_order[] = ${braces(order.map(({ i }) => String(i)))};

int ${p}_save(${p}_ctx *ctx, const char *path)
{
  return tj_save(&ctx->c, path, ${p}_header, ${p}_order);
}`
}
