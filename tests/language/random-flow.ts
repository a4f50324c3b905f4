// random-flow: a number -> a program of nested combinators
//
// Statements build on one another; closures capture what is in scope, nest, and reuse tensors of the same type. All
// values stay small, so that eager and compiled runs can be compared.

import type { Program } from './program.ts'

type Type = 'f32' | 'i32' | 'bool' | 'vector' | 'matrix' | 'integers'

interface Variable {
  readonly name: string
  readonly type: Type
}

/** Returns the seeds of a run: a few, many in long runs (TSJIT_FULL=1), or those of TSJIT_SEEDS (`first,count`). */
export function seedsOf(few: number, many: number): readonly number[] {
  const chosen = process.env['TSJIT_SEEDS'] ?? `0,${process.env['TSJIT_FULL'] === '1' ? many : few}`
  const [first = 0, count = 0] = chosen.split(',').map(Number)
  return Array.from({ length: count }, (_, i) => first + i)
}

/** Returns the program of a seed. */
export function randomFlow(seed: number): Program {
  const random = createRandom(seed)
  const writer = new Writer(random)
  const scope: readonly Variable[] = [
    { name: 'x', type: 'vector' },
    { name: 'w', type: 'matrix' },
    { name: 's', type: 'f32' },
    { name: 'n', type: 'i32' },
    { name: 'p', type: 'bool' },
    { name: 'k', type: 'integers' },
  ]
  const { lines, scope: made } = writer.block(scope, 3 + random(3), 3)
  const results = made.filter(({ name }) => name.startsWith('v'))
  return {
    name: `random flow ${seed}`,
    inputs: { x: 'f32(4)', w: 'f32(3, 4)', s: 'f32()', n: 'i32()', p: 'bool()', k: 'i32(4)', xs: 'f32(T, 4)' },
    ranges: { n: [0, 4], k: [0, 4] },
    body: [...lines, `return { ${results.map(({ name }) => name).join(', ')} }`].join('\n'),
    tolerance: 1e-4,
  }
}

type Random = (below: number) => number

class Writer {
  readonly #random: Random
  #count = 0

  constructor(random: Random) {
    this.#random = random
  }

  /** Returns statements, and what is in scope behind them. */
  block(scope: readonly Variable[], count: number, depth: number): { lines: string[]; scope: readonly Variable[] } {
    const lines: string[] = []
    let known = scope
    for (let i = 0; i < count; i += 1) {
      const type = this.#pick<Type>(['f32', 'vector', 'vector', 'matrix', 'i32', 'integers', 'bool'])
      const name = `v${(this.#count += 1)}`
      lines.push(`const ${name} = ${this.value(known, type, depth)}`)
      known = [...known, { name, type }]
    }
    return { lines, scope: known }
  }

  value(scope: readonly Variable[], type: Type, depth: number): string {
    if (depth === 0) return this.formula(scope, type)
    switch (this.#random(8)) {
      case 0:
      case 1:
        return `cond(${this.formula(scope, 'bool')}, ${this.arm(scope, type, depth)}, ${this.arm(scope, type, depth)})`
      case 2:
        return `select(${this.formula(scope, 'i32')}, [${[1, 2, 3].map(() => this.arm(scope, type, depth)).join(', ')}])`
      case 3:
        return this.forLoop(scope, type, depth)
      case 4:
        return this.whileLoop(scope, type, depth)
      case 5:
        return this.scan(scope, type, depth)
      default:
        return this.formula(scope, type)
    }
  }

  arm(scope: readonly Variable[], type: Type, depth: number): string {
    return this.#closure('()', scope, depth, (inner) => this.value(inner, type, depth - 1))
  }

  forLoop(scope: readonly Variable[], type: Type, depth: number): string {
    const [c, i, d] = [this.#name('c'), this.#name('i'), this.#name('d')]
    const count = this.#pick(['3', '0', 'n', 'xs.shape[0]', this.formula(scope, 'i32')])
    const other = this.#pick<Type>(['vector', 'f32', 'integers'])
    const inside = [...scope, { name: c, type }, { name: d, type: other }, { name: i, type: 'i32' as const }]
    const next = (inner: readonly Variable[]): string =>
      `[${this.value(inner, type, depth - 1)}, ${this.value(inner, other, depth - 1)}]`
    const init = `[${this.formula(scope, type)}, ${this.formula(scope, other)}]`
    return `forLoop(${count}, ${init}, ${this.#closure(`([${c}, ${d}], ${i})`, inside, depth, next)})[0]`
  }

  whileLoop(scope: readonly Variable[], type: Type, depth: number): string {
    const [c, i] = [this.#name('c'), this.#name('i')]
    const inside = [...scope, { name: c, type }, { name: i, type: 'i32' as const }]
    const next = (inner: readonly Variable[]): string =>
      `({ ${c}: ${this.value(inner, type, depth - 1)}, ${i}: tj\`\${${i}} + 1\` })`
    const test = `tj\`\${${i}} < 3 and ${this.#part(inside, 'bool')}\``
    const start = `{ ${c}: ${this.formula(scope, type)}, ${i}: tj\`\${n} * 0\` }`
    return `whileLoop(${start}, ({ ${c}, ${i} }) => ${test}, ${this.#closure(`({ ${c}, ${i} })`, inside, depth, next)}).${c}`
  }

  scan(scope: readonly Variable[], type: Type, depth: number): string {
    const [c, e, i] = [this.#name('c'), this.#name('e'), this.#name('i')]
    const inside = [
      ...scope,
      { name: c, type },
      { name: e, type: 'vector' as const },
      { name: i, type: 'i32' as const },
    ]
    const xs = this.#pick(['xs', 'w', 'tj`${xs}[::-1]`', 'tj`${xs} * 0.5`'])
    const y = this.#pick<Type>(['vector', 'f32', 'i32'])
    const next = (inner: readonly Variable[]): string =>
      `[${this.value(inner, type, depth - 1)}, ${this.value(inner, y, depth - 1)}]`
    const options = this.#random(2) === 0 ? ', { reverse: true }' : ''
    const call = `scan(${this.formula(scope, type)}, ${xs}, ${this.#closure(`(${c}, ${e}, ${i})`, inside, depth, next)}${options})`
    const reduce = y === 'i32' ? 'cast(sum(ys), "f32")' : 'mean(ys)'
    const sums: Readonly<Partial<Record<Type, string>>> = {
      f32: `tj\`\${last} * 0.5 + tanh(\${${reduce}})\``,
      vector: `tj\`\${last} * 0.5 + tanh(\${${reduce}})\``,
    }
    return `(([last, ys]) => ${sums[type] ?? 'last'})(${call} as unknown as [Tensor, Tensor])`
  }

  /** Returns one operation on what is in scope. */
  formula(scope: readonly Variable[], type: Type): string {
    return `tj\`${this.#part(scope, type)}\``
  }

  #part(scope: readonly Variable[], type: Type): string {
    const of = (wanted: Type): string => `\${${this.#pick(scope.filter((each) => each.type === wanted)).name}}`
    switch (type) {
      case 'f32':
        return this.#pick([
          `tanh(sum(${of('vector')}))`,
          `mean(${of('matrix')}) + 0.5 * ${of('f32')}`,
          `max(${of('vector')}) * 0.5`,
          `${of('vector')}[${of('i32')} % 4] * 0.5`,
          `where(${of('bool')}, ${of('f32')}, -${of('f32')})`,
          `cast(${of('i32')}, "f32") / 4`,
        ])
      case 'vector':
        return this.#pick([
          `tanh(${of('vector')} + ${of('f32')})`,
          `${of('vector')} * 0.5 - ${of('vector')}[::-1] * 0.25`,
          `softmax(${of('vector')}) + ${of('matrix')}[1]`,
          `sum(${of('matrix')}, 0) * 0.3`,
          `where(${of('vector')} > 0, ${of('vector')}, 0.5)`,
          `${of('vector')}[${of('integers')} % 4]`,
          `concat([${of('vector')}[1:], ${of('vector')}[:1]]) * 0.9`,
          `tanh(${of('vector')} @ (${of('matrix')}.T @ ${of('matrix')}))`,
        ])
      case 'matrix':
        return this.#pick([
          `tanh(${of('matrix')} + ${of('vector')})`,
          `${of('matrix')}[::-1] * ${of('f32')} * 0.5`,
          `softmax(${of('matrix')}, axis=0)`,
          `where(${of('bool')}, ${of('matrix')}, ${of('matrix')} * 0.5)`,
        ])
      case 'i32':
        return this.#pick([
          `(${of('i32')} * 3 + 1) % 5`,
          `argmax(${of('vector')}, 0)`,
          `sum(${of('integers')}) % 4`,
          `cast(${of('bool')}, "i32") + ${of('i32')} // 2`,
        ])
      case 'integers':
        return this.#pick([
          `(${of('integers')} + ${of('i32')}) % 5`,
          `cast(${of('vector')} > 0, "i32")`,
          `${of('integers')}[::-1]`,
        ])
      case 'bool':
        return this.#pick([
          `sum(${of('vector')}) > ${of('f32')}`,
          `${of('i32')} % 2 == 0`,
          `not ${of('bool')}`,
          `any(${of('integers')} == ${of('i32')})`,
        ])
    }
  }

  /** Returns a closure, sometimes with statements of its own. */
  #closure(
    parameters: string,
    scope: readonly Variable[],
    depth: number,
    result: (scope: readonly Variable[]) => string,
  ): string {
    if (this.#random(3) > 0) return `${parameters} => ${result(scope)}`
    const { lines, scope: inner } = this.block(scope, 1 + this.#random(2), depth - 1)
    return `${parameters} => { ${lines.join('; ')}; return ${result(inner)} }`
  }

  #name(prefix: string): string {
    return `${prefix}${(this.#count += 1)}`
  }

  #pick<T>(items: readonly T[]): T {
    const item = items[this.#random(items.length)]
    if (item === undefined) throw new Error('nothing to pick from')
    return item
  }
}

function createRandom(seed: number): Random {
  let state = (Math.imul(seed + 1, 2654435761) ^ 0x9e3779b9) >>> 0
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 4294967296) * below)
  }
}
