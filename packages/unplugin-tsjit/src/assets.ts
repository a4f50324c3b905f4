// assets: binary files of a module -> expressions in its code
//
// Small ones are part of the code: a request costs more. Others become files of the build, in the way of each host.

import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import type { CompileResult } from '@tsjit/compiler'
import { makeFolder } from './make-folder.ts'

/** Bytes up to which a file is part of the code. */
const SMALL = 2048

/** Where files go. */
export type AssetPlace =
  /** Into the code. */
  | { readonly kind: 'inline' }
  /** To the host, which gives an expression for their address. */
  | { readonly kind: 'emit'; readonly emit: (name: string, source: Uint8Array) => string }
  /** To the disk, from where the host takes what `new URL` names. */
  | { readonly kind: 'file'; readonly importer: string; readonly root: string }

/** Returns the code with an expression for every file that it needs. */
export async function withAssets(
  { code, assets }: Pick<CompileResult, 'code' | 'assets'>,
  place: AssetPlace,
): Promise<string> {
  let text = code
  for (const { name, placeholder, bytes } of assets) {
    const expression = bytes.length <= SMALL ? inlined(bytes) : await placed(name, bytes, place)
    text = text.replace(placeholder, () => expression)
  }
  return text
}

function inlined(bytes: Uint8Array): string {
  return `new Uint8Array([${bytes.join()}])`
}

async function placed(name: string, bytes: Uint8Array, place: AssetPlace): Promise<string> {
  if (place.kind === 'inline') return inlined(bytes)
  if (place.kind === 'emit') return place.emit(name, bytes)
  const folder = join(place.root, '.tsjit', 'assets')
  await makeFolder(folder)
  await writeFile(join(folder, '.gitignore'), '*\n')
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 8)
  const file = join(folder, name.replace(/(?=\.[^.]+$)/, `-${hash}`))
  await writeFile(file, bytes)
  const path = relative(dirname(place.importer), file).split(sep).join('/')
  return `new URL(${JSON.stringify(path.startsWith('.') ? path : `./${path}`)}, import.meta.url)`
}
