import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mul, printDim, symbol } from '../types/dim.ts'
import type { TemplateMachine, TemplateResult } from './machine.ts'
import { evaluateTemplate } from './evaluate.ts'
import { parseTemplate } from './parse.ts'

/** Applies nothing: what reaches it is recorded as text. */
const machine: TemplateMachine = {
  apply: (name, args) =>
    `${name}(${args.map((arg) => (typeof arg === 'object' ? JSON.stringify(arg) : String(arg))).join(', ')})`,
  isCallable: (value) => typeof value === 'function',
  call: (callee, args) => (typeof callee === 'function' ? Reflect.apply(callee, undefined, args) : undefined),
  at: (_, step) => step(),
}

function evaluate(strings: TemplateStringsArray, ...values: readonly unknown[]): TemplateResult {
  const { template, errors } = parseTemplate(strings.raw)
  if (template === undefined) throw new Error(JSON.stringify(errors))
  return evaluateTemplate(template, values, machine)
}

function value(strings: TemplateStringsArray, ...values: readonly unknown[]): unknown {
  const result = evaluate(strings, ...values)
  if (!result.ok) throw new Error(result.errors.map((error) => JSON.stringify([error.code, error.params])).join('; '))
  return result.value
}

function errors(strings: TemplateStringsArray, ...values: readonly unknown[]): unknown {
  const result = evaluate(strings, ...values)
  return result.ok ? [] : result.errors.map(({ code, params }) => [code, params])
}

describe('static values', () => {
  test('numbers compute as in Python', () => {
    expect(value`7 // 2, -7 // 2, 7 // -2, 7 % 3, -7 % 3, 7 % -3`).toEqual([3, -4, -4, 1, 2, -2])
    expect(value`1 // 0.1, 2 ** -1, 2 ** 3 ** 2, -2 ** 2, 1 / 4`).toEqual([9, 0.5, 512, -4, 0.25])
    expect(value`6 & 3, 6 | 3, ~5`).toEqual([2, 7, -6])
    expect(value`1 < 2, 1 >= 2, 1 == 1.0, 1 != 1`).toEqual([true, false, true, false])
  })

  test('truth values', () => {
    expect(value`True and not False, False or True, True & False, ~True, True == False`).toEqual([
      true,
      true,
      false,
      false,
      false,
    ])
    expect(value`None == None, 1 == None, None != 1`).toEqual([true, false, true])
  })

  test('bindings, tuples and functions', () => {
    expect(value`
      a, b = ${[3, 4]}
      c = ${(x: number, options: { readonly y: number }) => x * options.y}(a, y=b)
      c, [a, b][-1], ${[1, 2, 3, 4]}[::-2], ${[1, 2, 3]}[1:]
    `).toEqual([12, 4, [4, 2], [2, 3]])
  })

  test('slices of arrays are NumPy slices', () => {
    const bound = fc.option(fc.integer({ min: -7, max: 7 }), { nil: undefined })
    const step = fc.option(
      fc.integer({ min: -3, max: 3 }).filter((n) => n !== 0),
      { nil: undefined },
    )
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 5 }), bound, bound, step, (items, start, stop, by) => {
        const text = (part: number | undefined): string => (part === undefined ? '' : String(part))
        const { template } = parseTemplate(['', `[${text(start)}:${text(stop)}:${text(by)}]`])
        const result = template && evaluateTemplate(template, [items], machine)
        expect(result?.ok === true && result.value).toEqual(pythonSlice(items, start, stop, by ?? 1))
      }),
    )
  })
})

/** CPython's PySlice_AdjustIndices. */
function pythonSlice(
  items: readonly number[],
  start: number | undefined,
  stop: number | undefined,
  step: number,
): readonly number[] {
  const n = items.length
  const adjust = (bound: number): number => {
    if (bound < 0) return bound + n < 0 ? (step < 0 ? -1 : 0) : bound + n
    return bound >= n ? (step < 0 ? n - 1 : n) : bound
  }
  const from = start === undefined ? (step < 0 ? n - 1 : 0) : adjust(start)
  const to = stop === undefined ? (step < 0 ? -1 : n) : adjust(stop)
  const picked: number[] = []
  for (let i = from; step < 0 ? i > to : i < to; i += step) picked.push(items[i] ?? Number.NaN)
  return picked
}

describe('arithmetic against JavaScript', () => {
  type Pair = readonly [template: string, script: string]
  const { tree } = fc.letrec<{ tree: Pair; leaf: Pair }>((tie) => ({
    leaf: fc.integer({ min: 0, max: 20 }).map((n): Pair => [String(n), String(n)]),
    tree: fc.oneof(
      { maxDepth: 5 },
      tie('leaf'),
      fc
        .tuple(tie('tree'), fc.constantFrom('+', '-', '*', '/'), tie('tree'))
        .map(([a, op, b]): Pair => [`${a[0]} ${op} ${b[0]}`, `${a[1]} ${op} ${b[1]}`]),
      tie('tree').map((a): Pair => [`(${a[0]})`, `(${a[1]})`]),
      // the brackets that JavaScript wants
      fc.tuple(tie('leaf'), tie('leaf')).map(([a, b]): Pair => [`-${a[0]} ** ${b[0]}`, `(-(${a[1]} ** ${b[1]}))`]),
      tie('leaf').map((a): Pair => [`- -${a[0]}`, `- -${a[1]}`]),
    ),
  }))

  test('any formula of + - * / ** and signs', () => {
    fc.assert(
      fc.property(tree, ([template, script]) => {
        const parsed = parseTemplate([template])
        const result = parsed.template && evaluateTemplate(parsed.template, [], machine)
        // eslint-disable-next-line no-new-func -- JavaScript is the reference here
        const expected: unknown = new Function(`return ${script}`)()
        expect(result?.ok === true && result.value).toEqual(expected)
      }),
      { numRuns: 300 },
    )
  })
})

describe('dimensions', () => {
  const T = symbol('T', { min: 2, max: 8 })

  test('arithmetic gives dimensions', () => {
    const dims = value`${T} * 2 + 1, ${T} // 2, ${mul(T, 2)} % 2, -${T}, ${T} ** 2`
    expect(Array.isArray(dims) && dims.map(printDim)).toEqual(['2*T + 1', 'floor((T)/2)', '0', '-T', 'T*T'])
  })

  test('comparisons that the bounds decide are static; the others meet as scalars', () => {
    expect(value`${T} > 1, ${T} == 9, ${T} != ${T}`).toEqual([true, false, false])
    expect(value`${T} > 3`).toMatch(/^gt\(/)
    expect(value`${T} / 2, ${T} * 0.5`).toEqual([expect.stringMatching(/^div/), expect.stringMatching(/^mul/)])
  })
})

describe('operations', () => {
  test('names in snake and camel case, keywords last and as written', () => {
    expect(value`layer_norm(1), layerNorm(1)`).toEqual(['layerNorm(1)', 'layerNorm(1)'])
    expect(value`sum(1, axis=-1, keep_dims=True)`).toBe('sum(1, {"axis":-1,"keep_dims":true})')
  })

  test('a bound name hides an operation', () => {
    expect(value`
      exp = 2
      exp + 1
    `).toBe(3)
  })
})

describe('errors', () => {
  test('unknown names have a suggestion', () => {
    const result = evaluate`sofmax(1)`
    expect(result.ok ? [] : result.errors).toMatchObject([
      {
        code: 'template_unknown_name',
        params: { name: 'sofmax' },
        suggestion: 'softmax',
        span: { start: { offset: 0 }, end: { offset: 6 } },
      },
    ])
  })

  test('each line reports once, and what depends on it stays silent', () => {
    expect(errors`
      a = nowhere
      b = a + 1
      c, d = ${[1, 2, 3]}
      e = not 1
      a + b + c + d + e
    `).toEqual([
      ['template_unknown_name', { name: 'nowhere' }],
      ['template_syntax', { message: '2 names for 3 values' }],
      ['template_operand', { operator: 'not', got: '1' }],
    ])
  })

  test.each([
    [errors`True + 1`, 'template_operand', { operator: '+', got: 'True and 1' }],
    [errors`1 and True`, 'template_operand', { operator: 'and', got: '1 and True' }],
    [errors`1.5 & 1`, 'template_operand', { operator: '&', got: '1.5 and 1' }],
    [errors`~1.5`, 'template_operand', { operator: '~', got: '1.5' }],
    [errors`-None`, 'template_operand', { operator: '-', got: 'None' }],
    [errors`1 @ 2`, 'template_operand', { operator: '@', got: '1 and 2' }],
    [errors`'a' + 1`, 'template_operand', { operator: '+', got: "the string 'a' and 1" }],
    [errors`${2}(1)`, 'template_operand', { operator: '(…)', got: '2' }],
    [errors`${2}[0]`, 'template_operand', { operator: '[…]', got: '2' }],
    [errors`${[1]}[1]`, 'shape_index_out_of_range', { index: 1, size: 1 }],
    [errors`${[1]}[0.5]`, 'template_index', { got: '0.5' }],
    [errors`${[1]}[::0]`, 'template_index', { got: 'a slice with step 0' }],
    [errors`${'one'}`, 'template_bad_value', { got: "the string 'one'" }],
    [errors`${{ a: 1 }}`, 'template_bad_value', { got: 'an object' }],
    [errors`${[1, 'a']}`, 'template_bad_value', { got: 'an array' }],
    [errors`exp`, 'template_syntax', { message: '`exp` is an operation: call it, `exp(…)`' }],
    [
      errors`a, b = 1
    a`,
      'template_operand',
      { operator: ',', got: '1' },
    ],
  ])('%j', (found, code, params) => {
    expect(found).toEqual([[code, params]])
  })

  test('poison is silent', () => {
    const { template } = parseTemplate(['', ' + 1'])
    const result =
      template && evaluateTemplate(template, [Number.NaN], { ...machine, isPoison: (each) => Number.isNaN(each) })
    expect(result).toEqual({ ok: false, errors: [] })
  })
})
