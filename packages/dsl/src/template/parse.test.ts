import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Formula, Template, TemplatePlace } from './ast.ts'
import { parseTemplate } from './parse.ts'

const parse = (strings: TemplateStringsArray, ...values: readonly unknown[]): Template => {
  expect(strings).toHaveLength(values.length + 1)
  const { template, errors } = parseTemplate(strings.raw)
  if (template === undefined) throw new Error(errors.map(({ params }) => String(params['message'])).join('; '))
  return template
}

/** Writes a formula with all its brackets. */
function show(formula: Formula): string {
  switch (formula.kind) {
    case 'number':
    case 'word':
      return String(formula.value)
    case 'text':
      return `'${formula.value}'`
    case 'value':
      return `$${formula.index}`
    case 'name':
      return formula.name
    case 'unary':
      return `(${formula.operator} ${show(formula.operand)})`
    case 'binary':
      return `(${show(formula.left)} ${formula.operator} ${show(formula.right)})`
    case 'call': {
      const keywords = formula.keywords.map(({ name, value }) => `${name}=${show(value)}`)
      return `${show(formula.callee)}(${[...formula.positional.map(show), ...keywords].join(', ')})`
    }
    case 'member':
      return `${show(formula.object)}.${formula.name}`
    case 'list':
      return `[${formula.items.map(show).join(', ')}]`
    case 'index': {
      const entries = formula.entries.map((entry) => {
        if (entry.kind === 'rest') return '...'
        if (entry.kind === 'at') return show(entry.value)
        const part = (bound: Formula | undefined): string => (bound === undefined ? '' : show(bound))
        return `${part(entry.start)}:${part(entry.stop)}:${part(entry.step)}`
      })
      return `${show(formula.object)}[${entries.join(', ')}]`
    }
  }
}

const formula = (strings: TemplateStringsArray, ...values: readonly unknown[]): string =>
  show(parse(strings, ...values).value)

const x = 0

describe('precedence', () => {
  test.each([
    ['1 + 2 * 3', '(1 + (2 * 3))'],
    ['1 - 2 - 3', '((1 - 2) - 3)'],
    ['1 * 2 / 3 // 4 % 5 @ 6', '(((((1 * 2) / 3) // 4) % 5) @ 6)'],
    ['2 ** 3 ** 2', '(2 ** (3 ** 2))'],
    ['-2 ** 2', '(- (2 ** 2))'],
    ['2 ** -1', '(2 ** (- 1))'],
    ['2 ** -3 ** 2', '(2 ** (- (3 ** 2)))'],
    ['-a.T @ b', '((- a.T) @ b)'],
    ['- - 1', '(- (- 1))'],
    ['1--2', '(1 - (- 2))'],
    ['~a & b | c', '(((~ a) & b) | c)'],
    ['a | b & c == d', '((a | (b & c)) == d)'],
    ['a + 1 < b * 2', '((a + 1) < (b * 2))'],
    ['not a == b', '(not (a == b))'],
    ['not not a', '(not (not a))'],
    ['a or b and not c or d', '((a or (b and (not c))) or d)'],
    ['a and b == c or d', '((a and (b == c)) or d)'],
    ['(a + b) * c', '((a + b) * c)'],
    ['-f(x)[0] ** 2', '(- (f(x)[0] ** 2))'],
    ['a <= b', '(a <= b)'],
    ['a != b', '(a != b)'],
    ['+a', '(+ a)'],
  ])('%s', (text, expected) => {
    const { template } = parseTemplate([text])
    expect(template && show(template.value)).toBe(expected)
  })
})

describe('numbers', () => {
  test.each([
    ['1', 1],
    ['1.', 1],
    ['.5', 0.5],
    ['1.5e-3', 0.0015],
    ['2E+2', 200],
    ['1_000', 1000],
    ['0xff', 255],
    ['0b101', 5],
  ])('%s', (text, value) => {
    const { template } = parseTemplate([text])
    expect(template?.value).toMatchObject({ kind: 'number', value })
  })

  test('every finite number is read back', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: 0 }), (value) => {
        const { template } = parseTemplate([String(value)])
        expect(template?.value).toMatchObject({ kind: 'number', value })
      }),
    )
  })
})

describe('calls, members, indices', () => {
  test('positional arguments come before options, and a comma may end the list', () => {
    expect(formula`softmax(${x}, axis=-1, keep_dims=True,)`).toBe('softmax($0, axis=(- 1), keep_dims=true)')
    expect(formula`f()`).toBe('f()')
  })

  test('words of Python and JavaScript are constants', () => {
    expect(formula`[True, true, False, false, None, null]`).toBe('[true, true, false, false, null, null]')
  })

  test('methods chain', () => {
    expect(formula`${x}.sum(axis=0).reshape([1, -1]).T.shape[0]`).toBe('$0.sum(axis=0).reshape([1, (- 1)]).T.shape[0]')
  })

  test('an interpolation is a value, a function or an index', () => {
    expect(formula`${x}(${x})[${x}] + ${x}.T`).toBe('($0($1)[$2] + $3.T)')
  })

  test('all of NumPy slicing', () => {
    expect(formula`${x}[:, 1:, ::-1, None, ...]`).toBe('$0[::, 1::, ::(- 1), null, ...]')
    expect(formula`${x}[1:2:3, :4, a + 1:-1, [0, 2], i]`).toBe('$0[1:2:3, :4:, (a + 1):(- 1):, [0, 2], i]')
    expect(formula`${x}[0,]`).toBe('$0[0]')
  })

  test('strings take both quotes', () => {
    expect(formula`einsum('b i, b j -> b i j', ${x}, ${x}, mode="a # b")`).toBe(
      "einsum('b i, b j -> b i j', $0, $1, mode='a # b')",
    )
  })

  test('names may be Greek', () => {
    expect(parseTemplate(['μ = 1\nμ * σ_2']).template?.bindings[0]?.names[0]?.name).toBe('μ')
  })
})

describe('lines', () => {
  test('lines bind, the last is the value', () => {
    const { bindings, value } = parse`
      a = ${x} + 1   # a comment
      b, c = split(a, 2)

      (d, e) = f(b)
      [g,] = h(c)
      a * b, c
    `
    expect(bindings.map(({ names, takesApart }) => [names.map(({ name }) => name), takesApart])).toEqual([
      [['a'], false],
      [['b', 'c'], true],
      [['d', 'e'], true],
      [['g'], true],
    ])
    expect(show(value)).toBe('[(a * b), c]')
  })

  test('brackets continue a line', () => {
    expect(formula`(
      1 +   # one
      2
    )`).toBe('(1 + 2)')
    expect(formula`f(
      ${x},
      axis=0
    )[
      0
    ]`).toBe('f($0, axis=0)[0]')
  })

  test('a comma at the end makes a tuple of one', () => {
    expect(formula`1,`).toBe('[1]')
    expect(formula`()`).toBe('[]')
    expect(formula`(1,)`).toBe('[1]')
  })

  test('line ends of all systems', () => {
    expect(parseTemplate(['a = 1\r\nb = 2\ra + b']).template?.bindings).toHaveLength(2)
  })
})

/** Marks the place of an error in the texts, written with ${} between them. */
function marked(quasis: readonly string[]): readonly string[] {
  const { errors } = parseTemplate(quasis)
  return errors.map(({ code, params, span }) => {
    expect(code).toBe('template_syntax')
    const at = ({ quasi, offset }: TemplatePlace): string => `${quasi}:${offset}`
    return `${at(span.start)}-${at(span.end)} ${String(params['message'])}`
  })
}

describe('errors', () => {
  test.each([
    ['', '0:0-0:0 it is empty'],
    ['  # nothing', '0:0-0:11 it is empty'],
    ['1 +', '0:2-0:3 a value is missing after `+`; brackets continue a line'],
    ['1 + * 2', '0:4-0:5 a value is missing before `*`'],
    ['f(1', '0:1-0:2 `(` is never closed'],
    ['1)', '0:1-0:2 `)` closes nothing'],
    ['f(1]', '0:3-0:4 `]` cannot close `(`'],
    ['2x', '0:0-0:2 `2x` is not a number: write `*` for a product'],
    ['a b', '0:2-0:3 `b` does not follow a value'],
    ['1 < a < 3', '0:6-0:7 comparisons do not chain; write `a < b and b < c`, or `(a < b) & (b < c)` for tensors'],
    ['a && b', '0:2-0:4 `&&` has no meaning here; write `and`, or `&` between tensors'],
    ['a === b', '0:2-0:5 `===` has no meaning here; write `==`'],
    ['!a', '0:0-0:1 `!` has no meaning here; write `not`, or `~` before a tensor'],
    ['a ^ b', '0:2-0:3 `^` has no meaning here; write `**` for a power'],
    ['a ? b : c', '0:2-0:3 `?` has no meaning here; write `where(condition, a, b)`'],
    ['a if b else c', '0:2-0:4 `if` has no meaning here; write `where(condition, a, b)`'],
    ['f(x for x in y)', '0:4-0:7 `for` has no meaning here; loop in TypeScript around the template'],
    ['lambda x: x', '0:0-0:6 `lambda` has no meaning here; functions come in through `${…}`'],
    ["f('a", "0:2-0:3 `'` has no meaning here; a string ends on the line where it begins, and holds no `${…}`"],
    ['f(a=1, 2)', '0:7-0:8 options come after all other arguments'],
    ['f(a=1, a=2)', '0:7-0:10 `a` is given twice'],
    ['x[]', '0:2-0:3 an index is missing between the brackets'],
    ['x[,]', '0:2-0:3 an index is missing before `,`'],
    ['x.1', '0:1-0:3 `.1` does not follow a value'],
    ['x.', '0:1-0:2 a name must follow the dot'],
    ['a = 1', '0:0-0:1 the last line is the value of the template, not a binding'],
    ['a = b = 1\na', '0:6-0:7 one line binds one value'],
    ['a += 1\na', '0:2-0:4 `+=` is not an operator here; write `x = x + …`'],
    ['f(x) = 1\n1', '0:0-0:4 left of `=` stand names only'],
    ['a, 1 = b\na', '0:3-0:4 left of `=` stand names only'],
    ['a, a = b\na', '0:3-0:4 `a` is bound twice in one line'],
    ['1\n2', '0:0-0:1 only the last line is a value; bind this one, `name = …`, or take it out'],
    ['(a = 1)', '0:3-0:4 `=` binds a name or gives an option; compare with `==`'],
    ['f(a b)', '0:4-0:5 `b` does not belong to the call; `,` or `)` is missing before it'],
    ['1; 2', '0:1-0:2 `;` has no meaning here; write each formula on a line of its own'],
    ['a and', '0:2-0:5 a value is missing after `and`; brackets continue a line'],
    ['and a', '0:0-0:3 a value is missing before `and`'],
  ])('%j', (text, expected) => {
    expect(marked([text])[0]).toBe(expected)
  })

  test('places count the texts between interpolations', () => {
    expect(marked(['', ' * (1 + ', ''])).toEqual(['1:3-1:4 `(` is never closed'])
    expect(marked(['f(', ', ', ' 2)'])).toEqual([
      '2:1-2:2 `2` does not belong to the call; `,` or `)` is missing before it',
    ])
    expect(marked(['', ' ', ''])).toEqual(['1:1-2:0 `${…}` does not follow a value'])
  })

  test('every line reports its own', () => {
    expect(marked(['a = 1 +\nb = * 2\na b'])).toHaveLength(3)
  })

  test('deep and long formulas are refused, not crashed on', () => {
    for (const text of ['('.repeat(5000) + '1' + ')'.repeat(5000), '-'.repeat(5000) + '1', '2 ** '.repeat(5000) + '1'])
      expect(marked([text])[0]).toMatch(/nested too deeply/)
    for (const text of ['1 + '.repeat(5000) + '1', `f${'()'.repeat(5000)}`])
      expect(marked([text])[0]).toMatch(/too long/)
  })

  test('no text crashes the parser, and every error lies inside the text', () => {
    const words = fc.constantFrom(
      'a',
      ' ',
      '1',
      '.',
      '(',
      ')',
      '[',
      ']',
      ',',
      ':',
      '=',
      '+',
      '**',
      'not',
      "'",
      '\n',
      '#',
      '$',
      '…',
    )
    const text = fc.oneof(
      fc.string(),
      fc.array(words).map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 4 }), (quasis) => {
        const { template, errors } = parseTemplate(quasis)
        expect(template === undefined).toBe(errors.length > 0)
        for (const { span } of errors)
          for (const { quasi, offset } of [span.start, span.end]) {
            expect(offset).toBeGreaterThanOrEqual(0)
            expect(offset).toBeLessThanOrEqual(quasis[quasi]?.length ?? -1)
          }
      }),
      { numRuns: 500 },
    )
  })
})
