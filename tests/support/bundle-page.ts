// bundle-page: a page -> its files as a browser loads them: bundled with what it imports, minified, and their bytes gzipped

import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { rolldown } from 'rolldown'

/** A file, without the hash in its name. */
export interface PageFile {
  readonly name: string
  /** Its bytes, gzipped. */
  readonly gzip: number
  /** The files that it cannot do without. */
  readonly imports: readonly string[]
}

/** Returns the file that the page loads at the start, then those that it loads when it needs them, by name. */
export async function bundlePage(page: URL): Promise<readonly [PageFile, ...PageFile[]]> {
  const build = await rolldown({
    input: fileURLToPath(page),
    platform: 'browser',
    resolve: { conditionNames: ['tsjit-source', 'import', 'default'] },
  })
  const { output } = await build.generate({ format: 'esm', minify: true })
  await build.close()
  const fileOf = ({ fileName, code, imports }: (typeof output)[0]): PageFile => ({
    name: fileName.replace(/-[\w-]{8}(?=\.js)/, ''),
    gzip: gzipSync(code, { level: 9 }).length,
    imports,
  })
  const [first, ...others] = output
  const chunks = others.flatMap((file) => (file.type === 'chunk' ? [fileOf(file)] : []))
  return [fileOf(first), ...chunks.toSorted((a, b) => (a.name < b.name ? -1 : 1))]
}
