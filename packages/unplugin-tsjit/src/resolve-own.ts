// resolve-own: imports that emitted modules make, for apps that do not depend on them directly
//
// Package managers with strict layouts hide the dependencies of this plugin from the app. The app's own copy wins; what
// the app does not have is found from here.

import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { hotSpecifier } from './hot-code.ts'
import { existing, resolvePackage } from './resolve-package.ts'

/** Matches the specifiers that emitted modules use. */
export const ownPattern: RegExp = /^(?:@tsjit\/(?:dsl|host|nn|runtime-[a-z]+)|unplugin-tsjit\/hot)$/

/** The packages that emitted modules import, by name. */
export const ownPackages: readonly string[] = ['@tsjit/dsl', '@tsjit/host', '@tsjit/nn', '@tsjit/runtime-webgpu']

/** A file of this package: importers here see the plugin's own dependencies. */
export const ownFile: string = fileURLToPath(import.meta.url)

/** Returns the file that an emitted import means when resolved from this package, or undefined. */
export function resolveOwn(specifier: string, conditions: readonly string[] = []): string | undefined {
  const folder = dirname(ownFile)
  if (specifier === hotSpecifier) return existing(join(folder, 'hot.js')) ?? existing(join(folder, 'hot.ts'))
  return resolvePackage(specifier, folder, conditions)
}
