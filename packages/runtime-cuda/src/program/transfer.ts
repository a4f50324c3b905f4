// transfer: what an app gives to a run, and what it gets
import type { Call, CudaProgramData } from '@tsjit/host'
import { check } from '../api/check.ts'
import type { CudaDevice } from '../device/device.ts'
import type { Prepared } from './prepare.ts'
import type { Slot } from './slot.ts'
import { CudaTensor } from './tensor.ts'

/** Copies the inputs to where the run finds them, and returns those that come from the host. */
export function writeInputs(
  device: CudaDevice,
  { inputs, bytes }: Prepared,
  slot: Slot,
  call: Call,
): readonly number[] {
  const { api, stream } = device
  const staged: number[] = []
  for (let i = 0; i < inputs.length; i++) {
    const input = call.inputs[i]
    if (ArrayBuffer.isView(input)) {
      slot.staged[i]?.set(input)
      staged.push(i)
    } else if (input instanceof CudaTensor && (bytes[i] ?? 0) > 0) {
      const [to, from] = [inputs[i]?.address ?? 0, input.addressOn(device) ?? 0]
      check(api, api.cuMemcpyDtoDAsync(to, from, bytes[i] ?? 0, stream), 'a copy')
    }
  }
  return staged
}

/** A run that has been enqueued. */
export interface Started {
  readonly device: CudaDevice
  readonly program: CudaProgramData
  readonly prepared: Prepared
  readonly slot: Slot
}

/** Returns a tensor for each output of the call; those of `read` are on their way to the host. */
export function resultsOf(
  { device, program, prepared, slot }: Started,
  call: Call,
  read: readonly number[],
): readonly CudaTensor[] {
  const tensors = call.outputs.map((index) => {
    const origin = { device, slot, index, isRead: read.includes(index), known: prepared.read }
    const dtype = program.outputs[index]?.[1] ?? 'f32'
    return new CudaTensor(origin, dtype, call.shapes[program.inputs.length + index] ?? [])
  })
  slot.results = tensors
  return tensors
}
