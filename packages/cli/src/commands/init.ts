// init: a project -> the same project, ready for `.tsjit`
//
// Changes only what is safe to change without understanding it; for the rest it says what to write.

import { appendFile, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { makeFolder } from 'unplugin-tsjit/api'
import { exitCodes } from '../terminal.ts'
import type { Terminal } from '../terminal.ts'
import type { Command } from './command.ts'

/** `tsjit init`. */
export const init: Command = {
  name: 'init',
  summary: 'Prepares a project: tsconfig, editor, git, and the line for the bundler',
  files: '',
  options: {},
  async run(_, terminal) {
    const { cwd } = terminal
    await setUpEditor(join(cwd, '.vscode', 'settings.json'), terminal)
    await addLine(join(cwd, '.gitignore'), '.tsjit/', terminal)
    await addLine(join(cwd, '.gitattributes'), '*.tsjit linguist-language=TypeScript', terminal)
    await setUpTypeScript(join(cwd, 'tsconfig.json'), terminal)
    terminal.print(await bundlerAdvice(cwd))
    return exitCodes.ok
  },
}

const compilerOptions = { allowArbitraryExtensions: true, rootDirs: ['.', './.tsjit/types'] }

async function setUpTypeScript(file: string, terminal: Terminal): Promise<void> {
  const text = await read(file)
  if (text === undefined) {
    const config = {
      compilerOptions: { module: 'esnext', moduleResolution: 'bundler', strict: true, ...compilerOptions },
    }
    return write(file, `${JSON.stringify({ ...config, include: ['src', '.tsjit/types'] }, null, 2)}\n`, terminal)
  }
  if (text.includes('.tsjit/types')) return
  const config = parse(text)
  // With comments it is not ours to print again.
  if (config === undefined) {
    return terminal.print(`tsconfig.json: add to "compilerOptions"\n${JSON.stringify(compilerOptions, null, 2)}`)
  }
  const known = isRecord(config['compilerOptions']) ? config['compilerOptions'] : {}
  const include = Array.isArray(config['include'])
    ? { include: [...(config['include'] as unknown[]), '.tsjit/types'] }
    : {}
  const roots = Array.isArray(known['rootDirs']) ? (known['rootDirs'] as unknown[]) : []
  const rootDirs = [...new Set([...roots, ...compilerOptions.rootDirs])]
  const next = { ...config, compilerOptions: { ...known, ...compilerOptions, rootDirs }, ...include }
  await write(file, `${JSON.stringify(next, null, 2)}\n`, terminal)
}

async function setUpEditor(file: string, terminal: Terminal): Promise<void> {
  const text = (await read(file)) ?? '{}'
  if (text.includes('*.tsjit')) return
  const settings = parse(text)
  if (settings === undefined) {
    return terminal.print('.vscode/settings.json: add\n"files.associations": { "*.tsjit": "typescript" }')
  }
  const known = isRecord(settings['files.associations']) ? settings['files.associations'] : {}
  const next = { ...settings, 'files.associations': { ...known, '*.tsjit': 'typescript' } }
  await write(file, `${JSON.stringify(next, null, 2)}\n`, terminal)
}

async function addLine(file: string, line: string, terminal: Terminal): Promise<void> {
  const text = (await read(file)) ?? ''
  if (text.split(/\r?\n/).includes(line)) return
  await appendFile(file, `${text === '' || text.endsWith('\n') ? '' : '\n'}${line}\n`)
  terminal.print(`changed ${file}`)
}

async function bundlerAdvice(cwd: string): Promise<string> {
  const manifest = parse((await read(join(cwd, 'package.json'))) ?? '{}') ?? {}
  const names = ['dependencies', 'devDependencies'].flatMap((key) =>
    Object.keys(isRecord(manifest[key]) ? manifest[key] : {}),
  )
  const bundlers = ['vite', 'webpack', 'rspack', 'rolldown', 'rollup', 'esbuild', 'farm']
  const found =
    bundlers.find(
      (name) =>
        names.includes(name) || names.includes(`@${name}/core`) || (names.includes(`@farmfe/core`) && name === 'farm'),
    ) ?? 'vite'
  return `In the configuration of ${found}:\n  import tsjit from 'unplugin-tsjit/${found}'\n  plugins: [tsjit()]`
}

async function read(file: string): Promise<string | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined)
  return text?.replace(/^\uFEFF/, '')
}

async function write(file: string, text: string, terminal: Terminal): Promise<void> {
  await makeFolder(dirname(file))
  await writeFile(file, text)
  terminal.print(`changed ${file}`)
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
