import { expect, test } from 'vitest'
import { parseModuleId } from './module-id.ts'

test('queries of hosts are dropped, and only eager means something', () => {
  const ids = ['/a/x.tsjit', '/a/x.tsjit.ts', '/a/x.tsjit?import', '/a/x.tsjit?import&t=17', 'C:\\a\\x.tsjit?eager&t=1']
  expect(ids.map(parseModuleId)).toEqual([
    { file: '/a/x.tsjit', form: 'main' },
    { file: '/a/x.tsjit.ts', form: 'main' },
    { file: '/a/x.tsjit', form: 'main' },
    { file: '/a/x.tsjit', form: 'main' },
    { file: 'C:\\a\\x.tsjit', form: 'eager' },
  ])
})

test('other files and other forms are not ours', () => {
  const ids = ['/a/x.ts', '/a/x.tsjit.js', '/a/tsjit', '/a/x.tsjit?raw', '/a/x.tsjit?import&url', '/a/x.tsjits']
  expect(ids.map(parseModuleId)).toEqual(ids.map(() => undefined))
})
