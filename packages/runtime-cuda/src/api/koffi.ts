// koffi: the package that calls functions of libraries, imported when it is needed first
import { TsjitError } from '@tsjit/host'
import type * as koffiModule from 'koffi'

/** What the runtime uses of it. */
export type Koffi = Pick<typeof koffiModule, 'load' | 'address' | 'view' | 'decode'>

/** Returns the package. Throws `target_unavailable` where it is not installed. */
export async function importKoffi(): Promise<Koffi> {
  try {
    const module: { readonly default?: Koffi } & Koffi = await import('koffi')
    return module.default ?? module
  } catch (cause) {
    const reason = `CUDA needs the package \`koffi\`, which has no build for ${process.platform}-${process.arch}, or is not installed`
    throw new TsjitError('target_unavailable', `${reason}: ${String(cause)}`, { cause })
  }
}
