// The promises that every package and the lockfile keep.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const packages = readdirSync(join(root, 'packages'))

interface Manifest {
  readonly [key: string]: unknown
  readonly name: string
  readonly exports: { readonly [entry: string]: string | { readonly [condition: string]: string } }
}

test('the lockfile names no address', () => {
  expect(readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8')).not.toMatch(/https?:|tarball:/)
})

describe.each(packages)('%s', (folder) => {
  const place = (file: string) => join(root, 'packages', folder, file)
  const manifest = JSON.parse(readFileSync(place('package.json'), 'utf8')) as Manifest

  test('says what it is', () => {
    expect(manifest).toMatchObject({ type: 'module', license: 'MIT', description: expect.stringMatching(/./) })
    expect(existsSync(place('LICENSE'))).toBe(true)
    expect(readFileSync(place('README.md'), 'utf8')).toMatch(new RegExp(`^# ${manifest.name}\n`))
  })

  test('takes every tool at the version of the catalog', () => {
    const { dependencies, devDependencies } = manifest
    for (const range of Object.values({ ...(dependencies as object), ...(devDependencies as object) })) {
      expect(range).toMatch(/^(catalog:|workspace:\*)$/)
    }
  })

  test('exports sources that exist, and what is built from them', () => {
    for (const entry of Object.values(manifest.exports)) {
      if (typeof entry === 'string') continue
      expect(Object.keys(entry)).toEqual(['tsjit-source', 'types', 'default'])
      const name = /^\.\/src\/(.+)\.ts$/.exec(entry['tsjit-source'] ?? '')?.[1] ?? ''
      expect(existsSync(place(`src/${name}.ts`))).toBe(true)
      expect(entry).toMatchObject({ types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` })
    }
  })
})
