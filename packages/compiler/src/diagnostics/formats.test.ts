// formats: the shapes that other tools rely on

import { expect, test } from 'vitest'
import { toGithub, toJson, toSarif } from './formats.ts'
import { createDiagnostic } from './reporter.ts'

const file = '/app/src/a b.tsjit'
const text = 'const x = 1\nfoo(x)\n'
const sources = new Map([[file, text]])
const diagnostic = createDiagnostic(
  'source_unknown_name',
  { file, start: 12, end: 15 },
  { name: 'foo' },
  {
    help: '50% of names, do exist',
    related: [{ message: 'its argument', span: { file, start: 16, end: 17 } }],
    fix: { title: 'use `fo`', edits: [{ span: { file, start: 12, end: 15 }, text: 'fo' }] },
  },
)
const options = { cwd: '/app' }

test('JSON has positions with lines from 1 and columns from 0', () => {
  const span = { start: { line: 2, column: 0, offset: 12 }, end: { line: 2, column: 3, offset: 15 } }
  expect(JSON.parse(toJson([diagnostic], sources, options))).toEqual([
    {
      code: 'source_unknown_name',
      severity: 'error',
      message: 'there is no `foo` here',
      file: 'src/a b.tsjit',
      span,
      related: [
        {
          message: 'its argument',
          file: 'src/a b.tsjit',
          span: { start: { line: 2, column: 4, offset: 16 }, end: { line: 2, column: 5, offset: 17 } },
        },
      ],
      help: '50% of names, do exist',
      fix: { title: 'use `fo`', edits: [{ file: 'src/a b.tsjit', span, text: 'fo' }] },
      url: 'https://tsjit.dev/e/source_unknown_name',
    },
  ])
  expect(toJson([], sources)).toBe('[]')
})

test('GitHub gets one escaped line for each diagnostic', () => {
  const odd = createDiagnostic('weight_unused', { file: 'a,b:c.tsjit', start: 0, end: 0 }, { path: 'head' })
  expect(toGithub([diagnostic, odd], sources, options).split('\n')).toEqual([
    '::error file=src/a b.tsjit,line=2,endLine=2,col=1,endColumn=4,title=tsjit(source_unknown_name)::' +
      'there is no `foo` here%0Ahelp: 50%25 of names, do exist%0Ahttps://tsjit.dev/e/source_unknown_name',
    expect.stringMatching(/^::warning file=a%2Cb%3Ac.tsjit,line=1,/),
  ])
})

test('SARIF 2.1.0 has a rule for each code and a place for each result', () => {
  const log: unknown = JSON.parse(toSarif([diagnostic, diagnostic], sources, { ...options, version: '1.2.3' }))
  expect(log).toMatchObject({
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'tsjit',
            semanticVersion: '1.2.3',
            rules: [{ id: 'source_unknown_name', helpUri: 'https://tsjit.dev/e/source_unknown_name' }],
          },
        },
        columnKind: 'utf16CodeUnits',
        results: [
          {
            ruleId: 'source_unknown_name',
            ruleIndex: 0,
            level: 'error',
            locations: [
              {
                physicalLocation: {
                  artifactLocation: { uri: 'src/a%20b.tsjit' },
                  region: { startLine: 2, startColumn: 1, endLine: 2, endColumn: 4 },
                },
              },
            ],
            relatedLocations: [{ id: 0, message: { text: 'its argument' } }],
          },
          { ruleIndex: 0 },
        ],
      },
    ],
  })
})
