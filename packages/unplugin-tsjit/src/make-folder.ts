// make-folder: a path -> a folder that is there
import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Makes a folder and those that it lies in. Node's own recursion never ends where a file system refuses to make folders
 * (`/proc`), and does not say which of them is a file.
 */
export async function makeFolder(path: string): Promise<void> {
  const stats = await stat(path).catch(() => undefined)
  if (stats?.isDirectory()) return
  if (stats) throw Object.assign(new Error(`'${path}' is a file, where a folder is needed`), { code: 'ENOTDIR' })
  if (dirname(path) !== path) await makeFolder(dirname(path))
  await mkdir(path).catch((error: NodeJS.ErrnoException) => {
    // Another process may have been faster.
    if (error.code !== 'EEXIST') throw error
  })
}
