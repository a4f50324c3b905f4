// reporter: parameters by code, no duplicates, a stable order

import { describe, expect, test } from 'vitest'
import type { Span } from '../base/span.ts'
import { createReporter } from './reporter.ts'

const at = (start: number, end: number, file: string = '/a.tsjit'): Span => ({ file, start, end })

describe('createReporter', () => {
  test('takes message, severity, help and url from the page of the code', () => {
    const reporter = createReporter()
    reporter.report('shape_mismatch', at(4, 9), { op: 'add', left: 'f32[2, 3]', right: 'f32[4]' })
    expect(reporter.diagnostics).toEqual([
      {
        code: 'shape_mismatch',
        severity: 'error',
        message: '`add` cannot combine f32[2, 3] and f32[4]',
        span: at(4, 9),
        related: [],
        help: expect.stringContaining('reshape'),
        url: 'https://tsjit.dev/e/shape_mismatch',
      },
    ])
    expect(reporter.hasErrors).toBe(true)
  })

  test('a warning is not an error', () => {
    const reporter = createReporter()
    expect(reporter.hasErrors).toBe(false)
    reporter.report('weight_unused', at(0, 1), { path: 'head' })
    expect(reporter.diagnostics.map(({ severity }) => severity)).toEqual(['warning'])
    expect(reporter.hasErrors).toBe(false)
  })

  test('drops exact duplicates only', () => {
    const reporter = createReporter()
    reporter.report('source_unknown_name', at(0, 3), { name: 'foo' })
    reporter.report('source_unknown_name', at(0, 3), { name: 'foo' })
    reporter.report('source_unknown_name', at(0, 3), { name: 'bar' })
    reporter.report('source_unknown_name', at(1, 3), { name: 'foo' })
    reporter.report('template_unknown_name', at(0, 3), { name: 'foo' })
    expect(reporter.diagnostics).toHaveLength(4)
  })

  test('orders by file as first reported, then by place, then by time', () => {
    const reporter = createReporter()
    const names = [at(9, 10, '/z'), at(5, 9, '/a'), at(5, 6, '/a'), at(1, 2, '/z')]
    for (const [index, span] of names.entries()) reporter.report('source_unknown_name', span, { name: `n${index}` })
    expect(reporter.diagnostics.map(({ message }) => /n\d/.exec(message)?.[0])).toEqual(['n3', 'n0', 'n2', 'n1'])
  })

  test('a help, related places and a fix of the report are kept', () => {
    const reporter = createReporter()
    const related = [{ message: '`b` gets its shape here', span: at(1, 2) }]
    const fix = { title: 'transpose', edits: [{ span: at(4, 4), text: '.T' }] }
    reporter.report('source_unknown_name', at(4, 9), { name: 'x' }, { related, fix, help: 'did you mean `y`?' })
    expect(reporter.diagnostics[0]).toMatchObject({ related, fix, help: 'did you mean `y`?' })
  })

  test('a parameter with backticks or line feeds stays readable', () => {
    const reporter = createReporter()
    reporter.report('source_tensor_operator', at(0, 1), { operator: '+', rewrite: 'tj`${x}\n  + ${y}`' })
    expect(reporter.diagnostics[0]?.help).toBe('write `` tj`${x} + ${y}` ``')
  })

  test('parameters are checked by type', () => {
    const reporter = createReporter()
    reporter.report('source_rest_inputs', at(0, 1), {})
    // @ts-expect-error the parameter is called `name`
    expect(() => reporter.report('source_unknown_name', at(0, 1), { nam: 'x' })).toThrow('undefined')
    // @ts-expect-error there is no such code
    expect(() => reporter.report('source_nothing', at(0, 1), {})).toThrow('undefined')
  })
})
