// library: the functions that printed kernels call -> C
//
// Functions of vectors have two forms: with the vectors that GCC and Clang have, and with an array of four for other
// compilers. Only what is called is printed.

import { internalError } from '../../base/invariant.ts'
import { basicRoutines } from './routines-basic.ts'
import { integerRoutines } from './routines-integer.ts'
import { mathRoutines } from './routines-math.ts'
import type { Routine, RoutineTable } from './routine.ts'
import { storageRoutines } from './routines-storage.ts'
import { trigonometricRoutines } from './routines-trigonometric.ts'

const library: RoutineTable = {
  ...integerRoutines,
  ...basicRoutines,
  ...storageRoutines,
  ...mathRoutines,
  ...trigonometricRoutines,
}

/** One form of a function may call what the other does not. */
const inline = `#if defined(__GNUC__)
#define TJ_INLINE static inline __attribute__((unused))
#else
#define TJ_INLINE static inline
#endif`

const types = `#if (defined(__clang__) || (defined(__GNUC__) && __GNUC__ >= 9)) && !defined(TSJIT_PLAIN_C)
#define TSJIT_VECTORS 1
typedef float f4 __attribute__((vector_size(16)));
typedef uint32_t u4 __attribute__((vector_size(16)));
typedef int32_t i4 __attribute__((vector_size(16)));
#else
#define TSJIT_VECTORS 0
typedef struct { float v[4]; } f4;
typedef struct { uint32_t v[4]; } u4;
#endif`

/** Returns the functions of the library that a code calls, with what those call, in an order that C takes. */
export function printLibrary(code: string): string {
  const found = new Set<string>()
  const order: string[] = []
  const scan = (text: string): void => {
    for (const [, name = ''] of text.matchAll(/\b((?:f4|u4|i4|f32|u32|i32|f64|idx|half|brain|bits)_\w+)\(/g)) {
      if (found.has(name)) continue
      found.add(name)
      const routine = library[name] ?? internalError(`no routine ${name}`)
      scan(bodiesOf(routine).join('\n'))
      order.push(name)
    }
  }
  scan(code)
  if (order.length === 0) return ''
  const isUsed = (routine: Routine): boolean => /\b[fui]4\b/.test(bodiesOf(routine).join(' ') + headOf('', routine))
  const printed = order.map((name) => printRoutine(name, library[name] ?? internalError(`no routine ${name}`)))
  const hasVectors = /\b[fu]4\b/.test(code) || order.some((name) => isUsed(library[name] ?? internalError(name)))
  const sse = printed.some((text) => text.includes('_mm_'))
    ? '#if defined(__SSE2__)\n#include <emmintrin.h>\n#endif\n'
    : ''
  const neon = printed.some((text) => text.includes('vsqrt'))
    ? '#if defined(__aarch64__)\n#include <arm_neon.h>\n#endif\n'
    : ''
  return [inline, sse + neon + (hasVectors ? types : ''), ...printed].filter((text) => text !== '').join('\n\n')
}

function bodiesOf(routine: Routine): readonly string[] {
  if ('body' in routine) return [routine.body]
  return [routine.vector, routine.lane]
}

function headOf(name: string, { result, params }: Routine): string {
  return `TJ_INLINE ${result} ${name}(${params.join(', ')})`
}

function printRoutine(name: string, routine: Routine): string {
  const head = headOf(name, routine)
  if ('body' in routine) return `${head}\n{${routine.body}\n}`
  // each lane of the operands that are vectors
  const vectors = routine.params.flatMap((param) => /^[fu]4 (\w+)$/.exec(param)?.[1] ?? [])
  const lane = vectors.reduce(
    (text, each) => text.replaceAll(new RegExp(`\\b${each}\\b`, 'g'), `${each}.v[i]`),
    routine.lane,
  )
  return [
    '#if TSJIT_VECTORS',
    `${head} { return ${routine.vector}; }`,
    '#else',
    `${head} { ${routine.result} r; for (int i = 0; i < 4; i++) r.v[i] = ${lane}; return r; }`,
    '#endif',
  ].join('\n')
}
