import { expect, test } from 'vitest'
import { stubCompiler } from '../tests/support/stub-compiler.ts'
import { errorsOf, esbuildMessages, plainError, rollupError } from './messages.ts'

const file = '/app/src/net.tsjit'
const text = "const é = 'é'; a + b\n\n\tc + d\n"
const result = await stubCompiler.compile({ file, text, host: { resolve: () => undefined, read: () => undefined } })

test('Rollup gets one error with the place of the first and the text of all', () => {
  const error = rollupError(stubCompiler, result, errorsOf(result), '/app')
  expect(error).toMatchObject({ id: file, loc: { file, line: 1, column: 15 }, pluginCode: 'dim_conflict', stack: '' })
  expect(error.message).toContain('src/net.tsjit:1:16 error tsjit(dim_conflict): ')
  expect(error.message).toContain('src/net.tsjit:3:2 error tsjit(dim_conflict): ')
  expect(error.message).not.toContain(' | ')
  expect(error.frame.startsWith("> 1 | const é = 'é'; a + b\n    |                ^^^^^\n")).toBe(true)
})

test('hosts that show only the message get the frames in it', () => {
  const error = plainError(stubCompiler, result, errorsOf(result), '/app')
  expect(error.message).toContain("> 1 | const é = 'é'; a + b")
  expect(error.message).toContain('> 3 | \tc + d')
  expect(error.message).toContain('2 errors')
  expect(error.stack).toBe('')
})

test('esbuild gets columns in bytes and draws itself', () => {
  expect(esbuildMessages(stubCompiler, result, '/app')[0]).toMatchObject({
    location: { file: 'src/net.tsjit', line: 1, column: 17, length: 5, lineText: "const é = 'é'; a + b" },
  })
})
