// driver: WebAssembly as a target
import type { Driver, OpenRequest, Session, WasmDefinitionData, WasmProgramData } from '@tsjit/host'
import type { Watch } from './session.ts'
import { tools } from './tools.ts'

/** The driver of WebAssembly. */
export const wasm: Driver<WasmProgramData> = { target: 'wasm', open: (request) => open(request) }

/** Opens a session, of which `watch` hears. */
export async function open(request: OpenRequest<WasmProgramData>, watch?: Watch): Promise<Session<WasmProgramData>> {
  const { program, options } = request
  const { threads, worker } = options
  const isWrong = !(Number.isSafeInteger(threads ?? 1) && (threads ?? 1) > 0)
  // The host finds the words for it.
  if (isWrong || (worker && worker !== true)) throw new TypeError('internal: refused')
  const canShare = program.parts && threads !== 1 && typeof SharedArrayBuffer === 'function' && isIsolated()
  if (canShare || worker)
    return (await import('./threads/threads.ts')).openSession(request, { tools, watch }, Boolean(canShare))
  // The definition of a module for this target has the module.
  return new tools.WasmSession(
    tools.compileModule((request.data as WasmDefinitionData).module),
    request,
    undefined,
    watch?.mark,
  )
}

/** A page that is not isolated has shared memory that it cannot share. Node is no page. */
function isIsolated(): boolean {
  return (globalThis as { readonly crossOriginIsolated?: boolean }).crossOriginIsolated !== false
}
