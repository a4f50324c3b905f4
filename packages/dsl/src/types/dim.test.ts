import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Dim,
  add,
  bounds,
  compare,
  floorDiv,
  isSame,
  max,
  min,
  mod,
  mul,
  printDim,
  sub,
  substitute,
  symbol,
  valueOf,
} from './dim.ts'

// small ranges, so that every value can be tried
const ranges = { a: [0, 4], b: [1, 3], c: [2, 8] } as const
const a = symbol('a', { min: 0, max: 4 })
const b = symbol('b', { max: 3 })
const c = symbol('c', { min: 2, max: 8, multipleOf: 2 })
const d = symbol('d', { min: 0, below: c })

type Values = ReadonlyMap<string, number>

function everyValue(): Values[] {
  const all: Values[] = []
  for (let va = ranges.a[0]; va <= ranges.a[1]; va++)
    for (let vb = ranges.b[0]; vb <= ranges.b[1]; vb++)
      for (let vc = ranges.c[0]; vc <= ranges.c[1]; vc += 2)
        for (let vd = 0; vd < vc; vd++) all.push(new Map(Object.entries({ a: va, b: vb, c: vc, d: vd })))
  return all
}

const values = everyValue()

interface Expression {
  readonly dim: Dim
  readonly of: (values: Values) => number
  readonly text: string
}

const leaf = (name: string, dim: Dim): Expression => ({ dim, of: (v) => v.get(name) ?? Number.NaN, text: name })
const leaves = fc.oneof(
  fc.constantFrom(leaf('a', a), leaf('b', b), leaf('c', c), leaf('d', d)),
  fc.integer({ min: -6, max: 6 }).map((n): Expression => ({ dim: n, of: () => n, text: String(n) })),
)

const { tree: expressions } = fc.letrec<{ tree: Expression }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', maxDepth: 3 },
    leaves,
    fc
      .tuple(fc.constantFrom('add', 'sub', 'mul', 'min', 'max', 'floorDiv', 'mod'), tie('tree'), tie('tree'))
      .filter(([op, , y]) => (op !== 'floorDiv' && op !== 'mod') || values.every((v) => y.of(v) > 0))
      .map(([op, x, y]) => combined(op, x, y)),
  ),
}))

function combined(op: string, x: Expression, y: Expression): Expression {
  const meanings: Record<string, [(x: Dim, y: Dim) => Dim, (x: number, y: number) => number]> = {
    add: [add, (p, q) => p + q],
    sub: [sub, (p, q) => p - q],
    mul: [mul, (p, q) => p * q],
    min: [min, Math.min],
    max: [max, Math.max],
    floorDiv: [floorDiv, (p, q) => Math.floor(p / q)],
    mod: [mod, (p, q) => p - q * Math.floor(p / q)],
  }
  const [symbolic, numeric] = meanings[op]!
  return { dim: symbolic(x.dim, y.dim), of: (v) => numeric(x.of(v), y.of(v)), text: `${op}(${x.text}, ${y.text})` }
}

// numbers on both sides keep -0 apart from 0, which sizes do not
const plain = (n: number): number => (n === 0 ? 0 : n)

describe('dim', () => {
  it('has the value of what it is written as', () => {
    fc.assert(
      fc.property(expressions, (e) => {
        for (const v of values) expect(plain(valueOf(e.dim, v)), `${e.text} = ${printDim(e.dim)}`).toBe(plain(e.of(v)))
      }),
      { numRuns: 400 },
    )
  })

  it('has bounds that hold every value', () => {
    fc.assert(
      fc.property(expressions, (e) => {
        const { low, high } = bounds(e.dim)
        for (const v of values) {
          expect(e.of(v), `${e.text} >= ${low}`).toBeGreaterThanOrEqual(low)
          expect(e.of(v), `${e.text} <= ${high}`).toBeLessThanOrEqual(high)
        }
      }),
      { numRuns: 400 },
    )
  })

  it('decides comparisons only where every value agrees', () => {
    const relations = {
      '==': (p: number, q: number) => p === q,
      '!=': (p: number, q: number) => p !== q,
      '<': (p: number, q: number) => p < q,
      '<=': (p: number, q: number) => p <= q,
      '>': (p: number, q: number) => p > q,
      '>=': (p: number, q: number) => p >= q,
    } as const
    fc.assert(
      fc.property(expressions, expressions, fc.constantFrom('==', '!=', '<', '<=', '>', '>='), (x, y, relation) => {
        const decision = compare(x.dim, relation as keyof typeof relations, y.dim)
        if (decision === 'unknown') return
        const holds = relations[relation as keyof typeof relations]
        for (const v of values)
          expect(holds(x.of(v), y.of(v)), `${x.text} ${relation} ${y.text}`).toBe(decision === 'yes')
      }),
      { numRuns: 600 },
    )
  })

  it('substitutes as it evaluates', () => {
    fc.assert(
      fc.property(expressions, (e) => {
        for (const v of values.slice(0, 40)) expect(plain(Number(substitute(e.dim, v)))).toBe(plain(e.of(v)))
      }),
      { numRuns: 150 },
    )
  })
})

describe('index arithmetic', () => {
  const B = symbol('B')
  const T = symbol('T')
  const C = symbol('C')
  const i = symbol('i', { min: 0, below: B })
  const t = symbol('t', { min: 0, below: T })
  const k = symbol('k', { min: 0, below: C })
  const flat = add(add(mul(i, mul(T, C)), mul(t, C)), k)

  it('takes a flat index apart', () => {
    expect(printDim(floorDiv(flat, mul(T, C)))).toBe('i')
    expect(isSame(mod(flat, mul(T, C)), add(mul(t, C), k))).toBe(true)
    expect(printDim(floorDiv(mod(flat, mul(T, C)), C))).toBe('t')
    expect(printDim(mod(flat, C))).toBe('k')
  })

  it('proves that an index is in range', () => {
    expect(compare(add(mul(t, C), k), '<', mul(T, C))).toBe('yes')
    expect(compare(flat, '<', mul(B, mul(T, C)))).toBe('yes')
    expect(compare(flat, '>=', 0)).toBe('yes')
    expect(compare(mul(t, C), '<', sub(mul(T, C), 1))).toBe('unknown')
  })

  it('proves that a product of differences is no less than 0', () => {
    const [h, w] = [symbol('H', { min: 3, max: 64 }), symbol('W', { min: 3 })]
    const places = mul(B, mul(sub(h, 2), sub(w, 2)))
    expect(compare(places, '>', 0)).toBe('yes')
    expect(compare(places, '>', 1)).toBe('unknown')
    expect(compare(mul(sub(h, 2), sub(w, 4)), '>=', 0)).toBe('unknown')
  })

  it('puts a quotient and its remainder together again', () => {
    const n = symbol('n')
    expect(isSame(add(mul(floorDiv(n, 4), 4), mod(n, 4)), n)).toBe(true)
  })

  it('divides by a factor of multipleOf exactly', () => {
    const even = symbol('E', { multipleOf: 8 })
    expect(mod(even, 4)).toBe(0)
    expect(compare(mul(floorDiv(even, 4), 4), '==', even)).toBe('yes')
    expect(compare(add(mul(even, 2), 1), '==', mul(even, 3))).toBe('no')
  })

  it('prints as users write', () => {
    expect(printDim(add(mul(T, 2), 1))).toBe('2*T + 1')
    expect(printDim(sub(T, 3))).toBe('T - 3')
  })
})
