// Folders that are made, are there, or cannot be.
import { existsSync } from 'node:fs'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeFolder } from './make-folder.ts'

test('makes what is missing, by several at once, and leaves what is there', async () => {
  const root = await mkdtemp(join(tmpdir(), 'tsjit-folder-'))
  const path = join(root, 'a', 'b', 'c')
  await Promise.all([makeFolder(path), makeFolder(path), makeFolder(join(root, 'a', 'd'))])
  await makeFolder(path)
  expect((await stat(path)).isDirectory()).toBe(true)
  await writeFile(join(root, 'file'), '')
  await expect(makeFolder(join(root, 'file', 'x'))).rejects.toThrow(/file' is a file, where a folder is needed/)
  await rm(root, { recursive: true })
})

// Node's own recursive mkdir runs forever there.
test.runIf(existsSync('/proc/self'))('says no where a file system makes no folders', async () => {
  await expect(makeFolder('/proc/none/of/these')).rejects.toMatchObject({ code: 'ENOENT' })
})
