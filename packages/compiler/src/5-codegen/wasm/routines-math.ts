// routines-math: exp, log and what is made of them, four lanes at a time
//
// Arguments are reduced exactly, the rest is a short polynomial; special values are selected in, so that there are no
// branches. exp after Cephes' expf, logarithms after FreeBSD's k_logf, tanh after Cephes, erf after N. Juffa: the same
// reductions and polynomials as the other targets have.

import { abs, add, c, call, copySign, div, gt, horner, lt, mul, n, select, sub, unary, x } from './four-lanes.ts'
import type { RoutineStyle, RoutineTable } from './routine.ts'
import { get, op, set } from './wat.ts'

/** From here on floats are whole numbers: what is added is rounded. */
const ROUNDING = 1.5 * 2 ** 23

/** Returns the routines for exp, expm1, log, log1p, sinh, cosh, tanh and erf. */
export function mathRoutines(style: RoutineStyle): RoutineTable {
  return { ...exponentials(style), ...logarithms(style), ...hyperbolic(), ...bounded(style) }
}

/** exp and expm1. */
function exponentials({ madd }: RoutineStyle): RoutineTable {
  return {
    // x = 2n ln 2 + r: 2 to the n, twice, reaches below the normals and above the largest number
    exp: {
      ...unary,
      locals: { v: 'v128', t: 'v128', n: 'v128', r: 'v128' },
      body: [
        // pmax and pmin keep a NaN in their first operand
        set('v', op('f32x4.pmin', op('f32x4.pmax', x, c(-104)), c(89))),
        // n rounded, in the low bits of a sum without room for a fraction: there 127 makes it an exponent
        set('t', madd(get('v'), c(0.72134752), c(ROUNDING + 127))),
        set('n', sub(get('t'), c(ROUNDING + 127))),
        // the product with the first part of 2 ln 2 is exact
        set('r', madd(get('n'), c(0.00042438888), madd(get('n'), c(-1.38671875), get('v')))),
        set('t', op('i32x4.shl', get('t'), '(i32.const 23)')),
        set('n', mul(get('r'), get('r'))),
        // terms in pairs: no long chain of sums that wait for each other
        set(
          'v',
          madd(
            get('n'),
            madd(
              get('n'),
              madd(get('r'), c(1.9611596e-4), c(1.4104474e-3)),
              madd(get('r'), c(8.336104e-3), c(4.166127e-2)),
            ),
            madd(get('r'), c(1.6666614e-1), c(0.50000036)),
          ),
        ),
        mul(madd(get('t'), madd(get('n'), get('v'), get('r')), get('t')), get('t')),
      ].join('\n'),
    },
    expm1: {
      ...unary,
      locals: { v: 'v128', n: 'v128', r: 'v128', s: 'v128', z: 'v128' },
      body: [
        set('v', op('f32x4.pmin', op('f32x4.pmax', x, c(-18)), c(20))),
        set('s', madd(get('v'), c(1.442695), c(ROUNDING + 127))),
        set('n', sub(get('s'), c(ROUNDING + 127))),
        set('r', madd(get('n'), c(0.00021219444), madd(get('n'), c(-0.693359375), get('v')))),
        set('s', op('i32x4.shl', get('s'), '(i32.const 23)')),
        set(
          'z',
          madd(
            get('s'),
            madd(
              mul(get('r'), get('r')),
              add(
                c(0.5),
                mul(get('r'), horner(madd, get('r'), 0.0001984127, 0.0013888889, 0.008333334, 0.041666668, 0.16666667)),
              ),
              get('r'),
            ),
            sub(get('s'), c(1)),
          ),
        ),
        set('z', select(gt(x, c(20)), sub(call('exp', x), c(1)), get('z'))),
        set('z', select(lt(x, c(-18)), c(-1), get('z'))),
        select(lt(abs(x), c(1e-7)), x, get('z')),
      ].join('\n'),
    },
  }
}

/** Logarithms, and their tail near 1. */
function logarithms({ madd }: RoutineStyle): RoutineTable {
  return {
    // log1p(x) - x, for 1 + x between sqrt(1/2) and sqrt(2)
    log_tail: {
      ...unary,
      locals: { s: 'v128', z: 'v128', w: 'v128', h: 'v128' },
      body: [
        set('s', div(x, add(c(2), x))),
        set('z', mul(get('s'), get('s'))),
        set('w', mul(get('z'), get('z'))),
        set('h', mul(mul(c(0.5), x), x)),
        sub(
          mul(
            get('s'),
            add(
              add(get('h'), mul(get('w'), madd(get('w'), c(0.24279079), c(0.40000972)))),
              mul(get('z'), madd(get('w'), c(0.28498787), c(0.6666666))),
            ),
          ),
          get('h'),
        ),
      ].join('\n'),
    },
    log: {
      ...unary,
      locals: { i: 'v128', k: 'v128', f: 'v128', n: 'v128', m: 'v128' },
      body: [
        // bits of a number below the normals, as a number, are the number times 2 to the 149
        set('m', op('i32x4.lt_s', x, n(0x800000))),
        set('i', select(get('m'), op('f32x4.convert_i32x4_s', x), x)),
        set('i', op('i32x4.sub', get('i'), n(0x3f3504f3))),
        set('k', op('i32x4.add', op('i32x4.shr_s', get('i'), '(i32.const 23)'), op('v128.and', get('m'), n(-149)))),
        set('n', op('f32x4.convert_i32x4_s', get('k'))),
        set('f', sub(op('i32x4.add', op('v128.and', get('i'), n(0x7fffff)), n(0x3f3504f3)), c(1))),
        set(
          'f',
          madd(get('n'), c(0.69313812), add(get('f'), madd(get('n'), c(0.0000090580006), call('log_tail', get('f'))))),
        ),
        set('f', select(op('f32x4.eq', x, c(0)), c(-Infinity), get('f'))),
        set('f', select(lt(x, c(0)), c(Number.NaN), get('f'))),
        // infinity and NaN are their own logarithms, as far as anyone can tell
        select(op('v128.not', lt(x, c(Infinity))), x, get('f')),
      ].join('\n'),
    },
    log1p: {
      ...unary,
      locals: {},
      body: select(
        op('v128.and', gt(x, c(-0.2928932)), lt(x, c(0.41421354))),
        add(x, call('log_tail', x)),
        call('log', add(c(1), x)),
      ),
    },
  }
}

/** sinh and cosh. */
function hyperbolic(): RoutineTable {
  return {
    sinh: {
      ...unary,
      locals: { a: 'v128', t: 'v128', e: 'v128', h: 'v128' },
      body: [
        set('a', abs(x)),
        set('t', call('expm1', op('f32x4.pmin', get('a'), c(1)))),
        set('t', mul(c(0.5), add(get('t'), div(get('t'), add(get('t'), c(1)))))),
        set('e', call('exp', get('a'))),
        set('h', call('exp', mul(c(0.5), get('a')))),
        set(
          'h',
          select(
            gt(get('a'), c(88)),
            mul(mul(c(0.5), get('h')), get('h')),
            sub(mul(c(0.5), get('e')), div(c(0.5), get('e'))),
          ),
        ),
        copySign(select(lt(get('a'), c(1)), get('t'), get('h')), x),
      ].join('\n'),
    },
    cosh: {
      ...unary,
      locals: { a: 'v128', e: 'v128', h: 'v128' },
      body: [
        set('a', abs(x)),
        set('e', call('exp', get('a'))),
        set('h', call('exp', mul(c(0.5), get('a')))),
        select(
          gt(get('a'), c(88)),
          mul(mul(c(0.5), get('h')), get('h')),
          add(mul(c(0.5), get('e')), div(c(0.5), get('e'))),
        ),
      ].join('\n'),
    },
  }
}

/** Functions between -1 and 1. */
function bounded({ madd }: RoutineStyle): RoutineTable {
  return {
    tanh: {
      ...unary,
      locals: { a: 'v128', z: 'v128', p: 'v128' },
      body: [
        set('a', abs(x)),
        set('z', mul(x, x)),
        set(
          'p',
          madd(
            get('a'),
            mul(get('z'), horner(madd, get('z'), -0.0057049887, 0.020639088, -0.053739715, 0.13331442, -0.33333282)),
            get('a'),
          ),
        ),
        set('z', sub(c(1), div(c(2), add(call('exp', add(get('a'), get('a'))), c(1))))),
        copySign(select(lt(get('a'), c(0.625)), get('p'), get('z')), x),
      ].join('\n'),
    },
    erf: {
      ...unary,
      locals: { t: 'v128', s: 'v128', u: 'v128', r: 'v128', p: 'v128' },
      body: [
        set('t', abs(x)),
        set('s', mul(x, x)),
        set('u', madd(get('t'), c(-0.00388396438), c(0.0242546219))),
        set('r', madd(madd(get('t'), c(-0.000017285347), c(0.000383197126)), get('s'), get('u'))),
        set('r', horner2(madd)),
        set('r', sub(c(1), call('exp', madd(get('r'), get('t'), op('f32x4.neg', get('t')))))),
        set('r', copySign(select(gt(get('t'), c(4)), c(1), get('r')), x)),
        set(
          'p',
          horner(madd, get('s'), -0.000596761703, 0.00499119423, -0.0267681349, 0.112819925, -0.376125336, 0.128379166),
        ),
        set('p', madd(x, get('p'), x)),
        select(gt(get('t'), c(0.92773438)), get('r'), get('p')),
      ].join('\n'),
    },
  }
}

function horner2(madd: RoutineStyle['madd']): string {
  const t = get('t')
  return madd(madd(madd(get('r'), t, c(-0.106777877)), t, c(-0.634846687)), t, c(-0.128717512))
}
