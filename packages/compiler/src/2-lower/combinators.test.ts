// Combinators as graphs, and what is refused: where it points, and which other places it names.
import { describe, expect, test } from 'vitest'
import { type Lowered, lowerText } from '../../tests/support/lower-text.ts'

const text = (body: string): string => `
import { type Tensor, add, any, argmax, cond, concat, dim, exp, f32, forLoop, i32, bool, layer, matmul, model, mul, param, range, relu, scan, select, sum, tj, whileLoop, zeros } from '@tsjit/dsl'
const T = dim('T', { max: 8 })
export const m = model({
  inputs: { x: f32(4), xs: f32(T, 4), p: bool(), n: i32() },
  forward({ x, xs, p, n }) { ${body} },
})`

const lower = (body: string): Promise<Lowered> => lowerText(text(body))

/** Returns the graph below its inputs. */
async function graphOf(body: string): Promise<string> {
  const { text: printed, messages } = await lower(body)
  expect(messages).toEqual([])
  return printed
    .split('\n')
    .filter((line) => !/ input$|^graph/.test(line))
    .join('\n')
}

describe('graphs', () => {
  test('cond', async () => {
    expect(await graphOf('return cond(p, () => exp(x), () => x)')).toMatchInlineSnapshot(`
      "  %1   f32[4]    branch %p
        arm 0 {
          %2 f32[4]    exp %x
        } %2
        arm 1 {
        } %x
        output output %1"
    `)
  })
  test('a number becomes what the other branch has', async () => {
    expect(
      await graphOf('return select(n, [() => ({ v: x, k: 1 }), () => ({ k: n, v: exp(x) }), () => ({ v: x, k: 2 })])'),
    ).toMatchInlineSnapshot(`
      "  %1   f32[4]    branch %n
        %2   i32[]
        arm 0 {
        } %x 1:i32
        arm 1 {
          %3 f32[4]    exp %x
        } %3 %n
        arm 2 {
        } %x 2:i32
        output v %1
        output k %2"
    `)
  })
  test('a static condition leaves one branch', async () => {
    expect(await graphOf('return cond(x.shape[0] > 2, () => exp(x), () => zeros([7]))')).toMatchInlineSnapshot(`
      "  %1  f32[4]    exp %x
        output output %1"
    `)
  })
  test('a comparison of sizes that the call decides', async () => {
    expect(await graphOf('return cond(xs.shape[0] > 2, () => exp(x), () => x)')).toMatchInlineSnapshot(`
      "  %1   bool[]    gt T 2:i32
        %2   f32[4]    branch %1
        arm 0 {
          %3 f32[4]    exp %x
        } %3
        arm 1 {
        } %x
        output output %2"
    `)
  })
  test('whileLoop', async () => {
    expect(
      await graphOf(
        'return whileLoop({ x, k: 0 }, (c) => tj`${c.k} < ${n}`, (c) => ({ k: tj`${c.k} + 1`, x: exp(c.x) }), { maxIterations: 9 })',
      ),
    ).toMatchInlineSnapshot(`
      "  %1   f32[4]    loop turn20: while at most 9, %x 0
        %2   f32[]
          %3 f32[4]    carry
          %4 f32[]     carry
        test {
          %5 f32[]     cast %n f32
          %6 bool[]    lt %4 %5
        } %6
        body {
          %7 f32[]     add %4 1
          %8 f32[4]    exp %3
        } %8 %7
        output x %1
        output k %2"
    `)
  })
  test('forLoop reads its turn as a size', async () => {
    expect(await graphOf('return forLoop(xs.shape[0], x, (c, i) => tj`${c} * ${i}`)')).toMatchInlineSnapshot(`
      "  %1   f32[4]    loop turn5: T, %x
          %2 f32[4]    carry
        body {
          %3 f32[]     cast turn5 f32
          %4 f32[1]    reshape %3
          %5 f32[4]    expand %4
          %6 f32[4]    mul %2 %5
        } %6
        output output %1"
    `)
  })
  test('scan takes slices, from the end where reversed', async () => {
    expect(await graphOf('return scan(x, { xs }, (c, e, i) => [add(c, e.xs), [i, e.xs]], { reverse: true })'))
      .toMatchInlineSnapshot(`
      "  %1   f32[4]    loop turn5: T reversed, %x
        %2   i32[T]
        %3   f32[T,4]
          %4 f32[4]    carry
        body {
          %5 f32[1,4]  slice %xs [T-turn5-1:T-turn5, 0:4]
          %6 f32[4]    reshape %5
          %7 f32[4]    add %4 %6
        } %7 T-turn5-1 %6
        output 0 %1
        output 1.0 %2
        output 1.1 %3"
    `)
  })
  test('nested', async () => {
    expect(await graphOf('return forLoop(3, x, (c) => cond(p, () => forLoop(n, c, (d) => exp(d)), () => c))'))
      .toMatchInlineSnapshot(`
      "  %1       f32[4]    loop turn5: 3, %x
          %2     f32[4]    carry
        body {
          %3     f32[4]    branch %p
          arm 0 {
            %4   f32[4]    loop turn8: counted on the device, %2 %n
              %5 f32[4]    carry
            body {
              %6 f32[4]    exp %5
            } %6
          } %4
          arm 1 {
          } %2
        } %3
        output output %1"
    `)
  })
  test('what a closure captures is read from outside', async () => {
    expect(await graphOf('const y = exp(x); return forLoop(3, x, (c) => add(c, y))')).toMatchInlineSnapshot(`
      "  %1   f32[4]    exp %x
        %2   f32[4]    loop turn6: 3, %x
          %3 f32[4]    carry
        body {
          %4 f32[4]    add %3 %1
        } %4
        output output %2"
    `)
  })
})

test('ops of a body come from their own places', async () => {
  const source = text('return forLoop(3, x, (c) => exp(c))')
  const { module } = await lowerText(source)
  const [loop] = module?.graphs[0]?.ops ?? []
  if (loop?.kind !== 'loop') throw new Error('no loop')
  const spans = [loop, ...loop.body.ops].map(({ origin: { span } }) => source.slice(span.start, span.end))
  expect(spans).toEqual(['forLoop(3, x, (c) => exp(c))', 'exp(c)'])
})

test.each([
  ['in a layer', 'const f = layer({ w: param(4) }, ({ w }, v: Tensor) => forLoop(2, v, (c) => mul(c, w))); return x'],
  [
    'functions through a template',
    'return tj`${forLoop}(3, ${x}, ${(c: Tensor) => exp(c)}) + ${cond}(${p}, ${() => x}, ${() => relu(x)})`',
  ],
  [
    'by name in a template',
    'return tj`\n y = cond(${p}, ${() => x}, ${() => relu(x)})\n c, ys = scan(y, ${xs}, ${(c: Tensor, e: Tensor) => [add(c, e), c]}, reverse=True)\n while_loop(c, ${() => p}, ${(c: Tensor) => exp(c)}, max_iterations=3)`',
  ],
  [
    'a closure of a closure',
    'const twice = (f: (v: Tensor) => Tensor) => (v: Tensor) => f(f(v)); return forLoop(3, x, twice((v) => mul(v, 2)))',
  ],
  [
    'its own variables',
    'return forLoop(3, x, (c) => { let d = c; const l: Tensor[] = []; for (const k of range(2)) { d = mul(d, k); l.push(d) } return concat(l).slice([0], [4]) })',
  ],
  ['its own parameters', 'return forLoop(3, [x, x], (c) => { c.reverse(); return c })'],
])('allowed: %s', async (_, body) => {
  expect((await lower(body)).messages).toEqual([])
})

interface Refusal {
  readonly body: string
  readonly code: string
  readonly place: string
  readonly message?: string
  readonly help?: string
  /** Related places: message and text. */
  readonly related?: readonly (readonly [message: string, text: string])[]
}

const refusals: Readonly<Record<string, Refusal>> = {
  'a carry of another shape': {
    body: 'return forLoop(3, { h: [x, x], c: x }, (s) => { const long = concat([s.c, s.c]); return { c: s.c, h: [s.h[0], long] } })',
    code: 'flow_loop_carry_changed',
    place: 'long',
    message: '`carry.h[1]` of `forLoop` is f32[4] before the turn and f32[8] after it',
    help: 'axis 0 is 4 and 8: start with the size that the body returns, or allocate the largest size and keep a count',
    related: [
      ['it comes from here', 'concat([s.c, s.c])'],
      ['carry.h[1] is f32[4] before it', 'x'],
    ],
  },
  'a carry of another dtype': {
    body: 'return whileLoop(x, () => p, (c) => tj`${c} > 1`)',
    code: 'flow_loop_carry_changed',
    place: 'tj`${c} > 1`',
    message: '`carry` of `whileLoop` is f32[4] before the turn and bool[4] after it',
    help: "return `cast(…, 'f32')` as carry, or start with bool",
  },
  'several parts of a carry': {
    body: 'return scan({ a: x, b: n }, xs, (c, e) => [{ a: sum(e), b: 0.5 }, e])',
    code: 'flow_loop_carry_changed',
    place: 'sum(e)',
    message: '`carry.a` of `scan` is f32[4] before the turn and f32[] after it',
    related: [
      ['carry.a is f32[4] before it', 'x'],
      ['carry.b is the number 0.5 after the turn', '0.5'],
      ['carry.b is i32[] before it', 'n'],
    ],
  },
  'a carry of another structure': {
    body: 'return forLoop(3, { a: x, b: x }, (c) => ({ a: c.a }) as never)',
    code: 'flow_loop_carry_changed',
    place: '({ a: c.a }) as never',
    message: '`carry` of `forLoop` is { a: f32[4], b: f32[4] } before the turn and { a: f32[4] } after it',
  },
  'branches of other types': {
    body: 'const short = () => ({ v: [x, sum(x)] }); return cond(p, () => ({ v: [x, x] }), short)',
    code: 'flow_branch_types_differ',
    place: 'sum(x)',
    message: 'the branches of `cond` differ at `result.v[1]`: f32[4] and f32[]',
    related: [
      ['f32[4] here', 'x'],
      ['it comes from here', 'f32(4)'],
    ],
  },
  'branches of other dtypes': {
    body: 'return cond(p, () => x, () => argmax(xs, 0))',
    code: 'flow_branch_types_differ',
    place: 'argmax(xs, 0)',
    help: '`cast` one of them, to f32 or i32',
  },
  'branches of select': {
    body: 'return select(n, [() => x, () => relu(x), () => n])',
    code: 'flow_branch_types_differ',
    place: 'n',
    message: 'the branches of `select` differ at `result`: f32[4] and i32[]',
    related: [
      ['it comes from here', 'i32()'],
      ['f32[4] here', 'x'],
      ['it comes from here', 'f32(4)'],
    ],
  },
  'a branch that returns nothing': {
    body: 'return cond(p, () => x, () => { exp(x) })',
    code: 'flow_branch_types_differ',
    place: '() => { exp(x) }',
    message: 'the branches of `cond` differ at `result`: f32[4] and nothing',
  },
  'a condition for each element': {
    body: 'return cond(tj`${x} > 0`, () => x, () => exp(x))',
    code: 'flow_condition_not_scalar',
    place: 'tj`${x} > 0`',
    message: 'the condition of `cond` is one truth value, bool[], not bool[4]',
  },
  'a number as condition': {
    body: 'return whileLoop(x, (c) => sum(c), (c) => c)',
    code: 'flow_condition_not_scalar',
    place: 'sum(c)',
    message: 'the condition of `whileLoop` is one truth value, bool[], not f32[]',
  },
  'a fractional count': {
    body: 'return forLoop(sum(x), x, (c) => c)',
    code: 'flow_count_not_scalar',
    place: 'sum(x)',
    message: '`n` of `forLoop` is one whole number, i32[], not f32[]',
  },
  'a negative count': { body: 'return forLoop(-2, x, (c) => c)', code: 'flow_count_not_scalar', place: '-2' },
  'an index of several': {
    body: 'return select(tj`arange(2)`, [() => x, () => exp(x)])',
    code: 'flow_count_not_scalar',
    place: 'tj`arange(2)`',
  },
  'no branches': { body: 'return select(n, [])', code: 'flow_no_branches', place: '[]' },
  'xs of two lengths': {
    body: 'return scan(x, { a: xs, b: [x] }, (c, e) => [c, e])[0]',
    code: 'shape_undecided',
    place: 'x',
  },
  'xs of two static lengths': {
    body: 'return scan(0, { a: x, b: [zeros([3])] }, (c, e) => [c, e])[0]',
    code: 'flow_scan_lengths',
    place: 'zeros([3])',
    message: 'scan goes over `xs.a`, f32[4], and `xs.b[0]`, f32[3]: their lengths differ',
    related: [
      ['xs.a is f32[4]', 'x'],
      ['it comes from here', 'f32(4)'],
    ],
  },
  'xs without an axis': {
    body: 'return scan(x, { xs, factor: n }, (c, e) => [c, e])[0]',
    code: 'flow_scan_axis',
    place: 'n',
    message: 'scan goes over axis 0, and `xs.factor` is i32[], which has none',
  },
  'no pair': {
    body: 'return scan(x, xs, (c, e) => add(c, e) as never)[0]',
    code: 'flow_scan_result',
    place: 'add(c, e) as never',
    message: 'the body of scan returns `[carry, y]`, not f32[4]',
  },
  'nothing to go over': {
    body: 'return scan(x, undefined, (c) => [c, c])[0]',
    code: 'flow_scan_length_missing',
    place: 'scan(x, undefined, (c) => [c, c])',
  },
  'a function in a carry': {
    body: 'return forLoop(3, { x, f: relu }, (c) => c).x',
    code: 'flow_bad_value',
    place: 'relu',
    message:
      '`init.f` of `forLoop` is a function: it holds tensors, numbers, truth values, and arrays and objects of them',
  },
  'a text as result': {
    body: "cond(p, () => ({ a: x, name: 'a' }), () => ({ a: x, name: 'b' })); return x",
    code: 'flow_bad_value',
    place: "'a'",
    message: "`result.name` of `cond` is 'a': it holds tensors, numbers, truth values, and arrays and objects of them",
  },
  'no closure': { body: 'return cond(p, () => x, x as never)', code: 'source_bad_argument', place: 'x as never' },
  'closure missing': { body: 'return cond(p, () => x)', code: 'source_missing_argument', place: 'cond(p, () => x)' },
  'init missing': {
    body: 'return forLoop(3, (c) => c)',
    code: 'source_missing_argument',
    place: 'forLoop(3, (c) => c)',
  },
  'an unknown option': {
    body: 'return whileLoop(x, () => p, (c) => c, { maxIteration: 3 })',
    code: 'option_unknown',
    place: 'maxIteration',
    help: 'did you mean `maxIterations`?',
  },
  'an option on the device': {
    body: 'return whileLoop(x, () => p, (c) => c, { maxIterations: n })',
    code: 'shape_data_dependent',
    place: 'n',
  },
  'an assignment to a variable outside': {
    body: 'let y = x; cond(p, () => { y = exp(x); return y }, () => x); return y',
    code: 'flow_assigns_outer',
    place: 'y',
    message: 'a branch or loop body cannot assign `y`, which is declared outside it',
    related: [['it is declared here', 'y']],
  },
  'an increment outside': {
    body: 'let k = 0; return forLoop(3, x, (c) => { k++; return c })',
    code: 'flow_assigns_outer',
    place: 'k',
  },
  'destructuring into variables outside': {
    body: 'let a = x; let b = x; return forLoop(3, x, (c) => { [a, b] = [b, a]; return c })',
    code: 'flow_assigns_outer',
    place: 'a',
  },
  'a push into an array outside': {
    body: 'const all: Tensor[] = []; return forLoop(3, x, (c) => { all.push(c); return c })',
    code: 'flow_assigns_outer',
    place: 'all.push(c)',
  },
  'a property of an object outside': {
    body: 'const o = { a: { b: x } }; return forLoop(3, x, (c) => { o.a.b = c; return c })',
    code: 'flow_assigns_outer',
    place: 'o.a.b',
  },
  'a change by a function from outside': {
    body: 'let k = 0; const next = () => { k += 1; return k }; return forLoop(3, x, (c) => mul(c, next()))',
    code: 'flow_assigns_outer',
    place: 'k',
  },
  'an assignment in an inner closure to the outer one': {
    body: 'return forLoop(3, x, (c) => { let d = c; return cond(p, () => { d = exp(c); return d }, () => d) })',
    code: 'flow_assigns_outer',
    place: 'd',
  },
  recursion: {
    body: 'const f = (v: Tensor): Tensor => cond(tj`sum(${v}) > 0`, () => v, () => f(mul(v, 2))); return f(x)',
    code: 'source_unbounded_recursion',
    place: 'f(mul(v, 2))',
  },
}

test.each(Object.entries(refusals))('refused: %s', async (_, { body, code, place, message, help, related }) => {
  const source = text(body)
  const { diagnostics, places } = await lowerText(source)
  expect(diagnostics.map((each) => each.code)).toContain(code)
  const [found] = diagnostics
  expect([found?.code, places[0]]).toEqual([code, place])
  if (message !== undefined) expect(found?.message).toBe(message)
  if (help !== undefined) expect(found?.help).toBe(help)
  if (related !== undefined)
    expect(found?.related.map(({ message: text, span }) => [text, source.slice(span.start, span.end)])).toEqual(related)
})

test('one build shows the mistakes of every closure', async () => {
  const { messages } = await lower(`
    const a = cond(p, () => x + 1, () => add(x, zeros([3])))
    const b = whileLoop(missing, () => exp(x, 1, 2), (c) => rellu(c))
    const c = scan({ deep: [{ a: [a] }] }, xs, (c, e) => [c, zeros(['a'])])
    return relu(b)`)
  expect(messages.map((each) => /\w+(?=:)/.exec(each.replace(/^\d+:\d+ /, ''))?.[0])).toEqual([
    'source_tensor_operator',
    'shape_mismatch',
    'source_unknown_name',
    'source_extra_argument',
    'source_unknown_name',
    'source_bad_argument',
  ])
})
