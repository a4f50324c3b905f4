// typegen: modules -> their declarations, mirrored in .tsjit/types

import { relative } from 'node:path'
import { mirrorFile, mirrorOf, writeTypes } from 'unplugin-tsjit/api'
import { CompileError, compileClean } from '../compile-clean.ts'
import { findFiles } from '../find-files.ts'
import { exitCodes } from '../terminal.ts'
import type { Command } from './command.ts'

/** `tsjit typegen`. */
export const typegen: Command = {
  name: 'typegen',
  summary: 'Writes a declaration for every module, for `tsc` without a build before it',
  files: '[files…]',
  options: {
    root: { type: 'string', value: 'DIR', help: 'the folder to mirror (default: here)' },
    out: { type: 'string', value: 'DIR', help: 'the folder of the mirror (default .tsjit/types)' },
  },
  async run(args, terminal) {
    const root = args.text('root')
    const out = args.text('out')
    const mirror = mirrorOf(terminal.cwd, {
      ...(root === undefined ? {} : { root }),
      ...(out === undefined ? {} : { out }),
    })
    let hasFailed = false
    for (const file of await findFiles(args.files.length > 0 ? args.files : [mirror.root], terminal.cwd)) {
      if (mirrorFile(file, mirror) === undefined) continue
      try {
        const { types } = await compileClean(file, terminal)
        const written = types === '' ? undefined : await writeTypes(file, types, mirror)
        if (written !== undefined) terminal.print(relative(terminal.cwd, written))
      } catch (error) {
        if (!(error instanceof CompileError)) throw error
        // One wrong module must not leave the others without types.
        hasFailed = true
        terminal.complain(error.message)
      }
    }
    return hasFailed ? exitCodes.failed : exitCodes.ok
  },
}
