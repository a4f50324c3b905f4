// build: a module -> files that run without a bundler
//
// The compiled module, its declaration and map, every kernel as text, and the safetensors file beside the module; or a
// header and a source in C.

import { copyFile, readdir, writeFile } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { kernelsOf, makeFolder, targets } from 'unplugin-tsjit/api'
import { compileClean } from '../compile-clean.ts'
import { findModule } from '../find-files.ts'
import { exitCodes } from '../terminal.ts'
import { buildC, checkTarget, cOptions } from './build-c.ts'
import type { Command } from './command.ts'
import { architectureOption, architecturesOf, targetOption, tf32Of, tf32Option } from './shared-options.ts'

/** `tsjit build`. */
export const build: Command = {
  name: 'build',
  summary: 'Writes the compiled module, its kernels, types and weights as files',
  files: 'FILE',
  options: {
    target: targetOption([...targets, 'c']),
    out: { type: 'string', value: 'DIR', help: 'the folder to write to', isRequired: true },
    'cuda-arch': architectureOption('machine code to write for cuda, by ptxas; sm_90a: PTX of its own'),
    'cuda-tf32': tf32Option,
    names: { type: 'string', choices: ['readable', 'minified'], help: 'names in the kernels (default minified)' },
    ...cOptions,
  },
  async run(args, terminal) {
    const file = await findModule(args.files[0] ?? '', terminal.cwd)
    const architectures = architecturesOf(args)
    const tf32 = tf32Of(args)
    if (args.text('target') === 'c') return buildC(file, args, terminal, await weightsBeside(file))
    checkTarget(args)
    const names = args.text('names') === 'readable' ? 'readable' : 'minified'
    const target = targets.find((each) => each === args.text('target')) ?? 'webgpu'
    const result = await compileClean(file, terminal, { names, target, architectures, tf32 })
    const { code: bare, assets, map, types } = result
    const out = resolve(terminal.cwd, args.text('out') ?? '')
    const name = basename(file).replace(/\.tsjit(\.ts)?$/, '')
    const written: string[] = []
    const write = async (path: string, content: string | Uint8Array): Promise<void> => {
      const place = join(out, path)
      await makeFolder(dirname(place))
      await writeFile(place, content)
      written.push(place)
    }
    const code = assets.reduce(
      (text, asset) => text.replace(asset.placeholder, `new URL('./${asset.name}', import.meta.url)`),
      bare,
    )
    for (const asset of assets) await write(asset.name, asset.bytes)
    await write(`${name}.js`, map === null ? code : `${code}\n//# sourceMappingURL=${name}.js.map\n`)
    if (map !== null) await write(`${name}.js.map`, typeof map === 'string' ? map : JSON.stringify(map))
    await write(`${name}.d.ts`, types)
    if (target !== 'wasm')
      for (const { name: kernel, text } of await kernelsOf(result, name)) await write(`kernels/${kernel}`, text)
    for (const weights of await weightsBeside(file)) {
      const place = join(out, basename(weights))
      await copyFile(weights, place)
      written.push(place)
    }
    for (const path of written) terminal.print(relative(terminal.cwd, path))
    return exitCodes.ok
  },
}

async function weightsBeside(file: string): Promise<readonly string[]> {
  const folder = dirname(file)
  const name = basename(file).replace(/\.tsjit(\.ts)?$/, '')
  const known = new Set([`${name}.safetensors`, 'weights.safetensors'])
  return (await readdir(folder)).filter((each) => known.has(each)).map((each) => join(folder, each))
}
