// resolve-own: imports that emitted modules make, for apps that do not depend on them directly
//
// Package managers with strict layouts hide the dependencies of this plugin from the app. The app's own copy wins; what
// the app does not have is found from here.

import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { hotSpecifier } from './hot-code.ts'
import { existing, resolvePackage } from './resolve-package.ts'
import { runtimes } from './targets.ts'

/** Matches the specifiers that emitted modules use. */
export const ownPattern: RegExp = /^(?:@tsjit\/(?:dsl|host|nn|runtime-[a-z]+)|unplugin-tsjit\/hot)$/

/** The packages that emitted modules import, by name. */
export const ownPackages: readonly string[] = ['@tsjit/dsl', '@tsjit/host', '@tsjit/nn', ...Object.values(runtimes)]

/** A file of this package: importers here see the plugin's own dependencies. */
export const ownFile: string = fileURLToPath(import.meta.url)

/** Returns the file that an emitted import means when resolved from this package, or undefined. */
export function resolveOwn(specifier: string, conditions: readonly string[] = []): string | undefined {
  const folder = dirname(ownFile)
  if (specifier !== hotSpecifier) return resolvePackage(specifier, folder, conditions)
  const isSource = ownFile.endsWith('.ts')
  return existing(join(ownFolder(), isSource ? 'src/hot.ts' : 'dist/hot.js'))
}

/** Returns the folder of this package: built files may lie deeper than their sources. */
export function ownFolder(): string {
  for (let folder = dirname(ownFile); folder !== dirname(folder); folder = dirname(folder)) {
    if (manifestOf(folder).name === 'unplugin-tsjit') return folder
  }
  return dirname(ownFile)
}

/** Returns the name and version that the package.json of a folder states. */
export function manifestOf(folder: string): { readonly name?: string; readonly version?: string } {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { name?: string; version?: string }
  } catch {
    return {}
  }
}
