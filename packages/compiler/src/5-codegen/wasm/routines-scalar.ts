// routines-scalar: what is computed one lane at a time
//
// Integer division and powers, and the functions that are taken from the host in double precision and rounded once.
// Every routine here also has a vector form that calls it lane by lane.

import type { Routine, RoutineTable } from './routine.ts'

type Lane = 'i32' | 'f32'

/** Functions that the host gives, for operands that no short routine is right for: JavaScript's Math. */
export const hostFunctions = {
  sin: 1,
  cos: 1,
  tan: 1,
  mod: 2,
} as const

/** The name of a function that the host gives. */
export type HostFunction = keyof typeof hostFunctions

const names = ['x', 'y', 'z']

const i32i32 = { params: ['i32', 'i32'], result: 'i32' } as const

const integerRoutines: RoutineTable = {
  floor_div_i32: {
    ...i32i32,
    locals: { q: 'i32', r: 'i32' },
    body: `
      (if (i32.eqz (local.get $y)) (then (return (i32.const 0))))
      ;; the one quotient that does not fit
      (if (i32.and (i32.eq (local.get $y) (i32.const -1)) (i32.eq (local.get $x) (i32.const -2147483648)))
        (then (return (local.get $x))))
      (local.set $q (i32.div_s (local.get $x) (local.get $y)))
      (local.set $r (i32.sub (local.get $x) (i32.mul (local.get $q) (local.get $y))))
      (i32.sub (local.get $q)
        (i32.and (i32.ne (local.get $r) (i32.const 0))
          (i32.lt_s (i32.xor (local.get $r) (local.get $y)) (i32.const 0))))`,
  },
  mod_i32: {
    ...i32i32,
    body: '(i32.sub (local.get $x) (i32.mul (call $floor_div_i32 (local.get $x) (local.get $y)) (local.get $y)))',
  },
  floor_div_u32: {
    ...i32i32,
    body: `(if (result i32) (i32.eqz (local.get $y)) (then (i32.const 0))
      (else (i32.div_u (local.get $x) (local.get $y))))`,
  },
  mod_u32: {
    ...i32i32,
    body: `(if (result i32) (i32.eqz (local.get $y)) (then (local.get $x))
      (else (i32.rem_u (local.get $x) (local.get $y))))`,
  },
  pow_u32: {
    ...i32i32,
    locals: { p: 'i32' },
    body: `
      (local.set $p (i32.const 1))
      (block $done (loop $next
        (br_if $done (i32.eqz (local.get $y)))
        (if (i32.and (local.get $y) (i32.const 1)) (then (local.set $p (i32.mul (local.get $p) (local.get $x)))))
        (local.set $x (i32.mul (local.get $x) (local.get $x)))
        (local.set $y (i32.shr_u (local.get $y) (i32.const 1)))
        (br $next)))
      (local.get $p)`,
  },
  pow_i32: {
    ...i32i32,
    body: `
      (if (i32.ge_s (local.get $y) (i32.const 0)) (then (return (call $pow_u32 (local.get $x) (local.get $y)))))
      (if (i32.eq (local.get $x) (i32.const 1)) (then (return (i32.const 1))))
      (if (i32.ne (local.get $x) (i32.const -1)) (then (return (i32.const 0))))
      (select (i32.const -1) (i32.const 1) (i32.and (local.get $y) (i32.const 1)))`,
  },
}

/** Returns the scalar routines, and their vector forms. */
export function scalarRoutines(): RoutineTable {
  const scalar: Record<string, Routine> = { ...integerRoutines }
  for (const [name, arity] of Object.entries(hostFunctions)) {
    const args = names.slice(0, arity).map((arg) => `(f64.promote_f32 (local.get $${arg}))`)
    scalar[`host_${name}`] = {
      params: names.slice(0, arity).map(() => 'f32' as const),
      result: 'f32',
      body: `(f32.demote_f64 (call $import_${name} ${args.join(' ')}))`,
    }
  }
  const vectors = Object.entries(scalar).map(
    ([name, routine]) => [vectorName(name), laneByLane(name, routine)] as const,
  )
  return { ...scalar, ...Object.fromEntries(vectors) }
}

/** Returns the name of the vector form of a scalar routine. */
export function vectorName(name: string): string {
  return `lanes_${name.replace(/^host_/, '')}`
}

/** Returns the vector form of a scalar routine. */
export function laneByLane(name: string, { params, result }: Routine): Routine {
  const shape = (type: string): string => (type === 'f32' ? 'f32x4' : 'i32x4')
  const lane = (index: number): string => {
    const args = params.map((type, i) => `(${shape(type)}.extract_lane ${index} (local.get $${names[i]}))`)
    return `(call $${name} ${args.join(' ')})`
  }
  const type: Lane = result === 'f32' ? 'f32' : 'i32'
  const body = [1, 2, 3].reduce(
    (vector, index) => `(${shape(type)}.replace_lane ${index} ${vector} ${lane(index)})`,
    `(${shape(type)}.splat ${lane(0)})`,
  )
  return { params: params.map(() => 'v128' as const), result: 'v128', body }
}
