// routine: one function of the library of printed kernels

interface Signature {
  readonly result: string
  /** As C has them: `f4 a`. */
  readonly params: readonly string[]
}

/** A function with a body of its own, or one that does the same with each lane. */
export type Routine =
  | (Signature & { readonly body: string })
  | (Signature & {
      /** The result, with vectors of GCC and Clang. */
      readonly vector: string
      /** One lane of the result; names of vectors stand for their lane. */
      readonly lane: string
    })

/** Routines by name. */
export type RoutineTable = Readonly<Record<string, Routine>>

/** Returns a function of one value. */
export function one(result: string, param: string, body: string): Routine {
  return { result, params: [`${param} x`], body }
}

/** Returns a function of two values. */
export function two(result: string, param: string, body: string): Routine {
  return { result, params: [`${param} x`, `${param} y`], body }
}

/** Returns a function that does the same with each lane. */
export function lanes(signature: string, vector: string, lane: string): Routine {
  const [, result = '', params = ''] = /^(\w+)\((.*)\)$/.exec(signature) ?? []
  return { result, params: params.split(', '), vector, lane }
}

/** Returns the vector form of a function of scalars: it is called for each lane. */
export function perLane(signature: string, name: string): Routine {
  const [, result = '', params = ''] = /^(\w+)\((.*)\)$/.exec(signature) ?? []
  const names = params.split(', ').map((param) => param.split(' ')[1] ?? '')
  const at = (i: number): string => `${name}(${names.map((each) => `${each}[${i}]`).join(', ')})`
  return {
    result,
    params: params.split(', '),
    vector: `(${result}){ ${[0, 1, 2, 3].map(at).join(', ')} }`,
    lane: `${name}(${names.join(', ')})`,
  }
}

/**
 * Returns the functions by which elements get into a vector of four and out of it: one in all lanes, four, one lane, and
 * the sums of four vectors.
 */
export function laneRoutines(vector: 'f4' | 'u4', element: string, name: string): RoutineTable {
  const parts = ['p', 'q', 's', 't']
  const sums = ['a', 'b', 'c', 'd']
  return {
    [`${vector}_splat`]: { result: vector, params: [`${element} s`], vector: `(${vector}){ s, s, s, s }`, lane: 's' },
    [`${vector}_of`]: {
      result: vector,
      params: parts.map((part) => `${element} ${part}`),
      vector: `(${vector}){ ${parts.join(', ')} }`,
      lane: '(i == 0 ? p : i == 1 ? q : i == 2 ? s : t)',
    },
    [`${vector}_lane`]: {
      result: element,
      params: [`${vector} a`, 'int i'],
      body: `
#if TSJIT_VECTORS
  return a[i];
#else
  return a.v[i];
#endif`,
    },
    [`${vector}_sums`]: {
      result: vector,
      params: sums.map((each) => `${vector} ${each}`),
      body: ` return ${vector}_of(${sums.map((each) => `${name}_sum(${each})`).join(', ')});`,
    },
    [`${name}_sum`]: {
      result: element,
      params: [`${vector} a`],
      body: ` return (${vector}_lane(a, 0) + ${vector}_lane(a, 2)) + (${vector}_lane(a, 1) + ${vector}_lane(a, 3));`,
    },
  }
}
