// check: results of driver functions -> nothing, or the error
import { TsjitError } from '@tsjit/host'
import type { DriverApi } from './driver-api.ts'

/** CUDA_ERROR_NOT_READY. */
export const NOT_READY = 600

/** Errors of what a device has not enough of. */
const LIMITS: ReadonlyMap<number, string> = new Map([
  [2, 'out of GPU memory'], // OUT_OF_MEMORY
  [720, 'a kernel has blocks that wait for one another, more than this GPU runs at once'], // COOPERATIVE_LAUNCH_TOO_LARGE
])

/** Errors after which a context is of no use: of the hardware, or of a kernel. */
const FATAL: ReadonlySet<number> = new Set([
  214, // ECC_UNCORRECTABLE
  220, // NVLINK_UNCORRECTABLE
  700, // ILLEGAL_ADDRESS
  702, // LAUNCH_TIMEOUT
  709, // CONTEXT_IS_DESTROYED
  710, // ASSERT
  714, // HARDWARE_STACK_ERROR
  715, // ILLEGAL_INSTRUCTION
  716, // MISALIGNED_ADDRESS
  717, // INVALID_ADDRESS_SPACE
  718, // INVALID_PC
  719, // LAUNCH_FAILED
  999, // UNKNOWN
])

/** The device is of no use any more. */
export class DeviceLost extends Error {}

/**
 * Throws what a result of the driver means: `target_limit_exceeded` for memory and multiprocessors that it has not,
 * `DeviceLost`, and an internal error for what can only be a fault of tsjit.
 */
export function check(api: DriverApi, result: number, what: string): void {
  if (result === 0) return
  const text = `${what}: ${nameOf(api, result)} (${result})`
  const limit = LIMITS.get(result)
  if (limit !== undefined) throw new TsjitError('target_limit_exceeded', `${limit}: ${text}`)
  throw FATAL.has(result) ? new DeviceLost(text) : new Error(`internal: ${text}`)
}

/** Calls a function that fills in one handle or size, and returns that. */
export function valueOf(api: DriverApi, what: string, call: (out: BigUint64Array) => number): number {
  const out = new BigUint64Array(1)
  check(api, call(out), what)
  return Number(out[0])
}

/** Returns the name of a result. */
export function nameOf(api: DriverApi, result: number): string {
  const out = new BigUint64Array(1)
  const isKnown = api.cuGetErrorName(result, out) === 0 && out[0] !== 0n
  return isKnown ? api.textAt(Number(out[0])) : 'an unknown error'
}
