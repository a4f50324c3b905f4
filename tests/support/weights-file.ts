// weights-file: lists of numbers -> the bytes of a safetensors file of f32 vectors
import { writeSafetensors } from '@tsjit/host'

/** Returns the file. */
export function weightsFile(tensors: Readonly<Record<string, readonly number[]>>): Uint8Array<ArrayBuffer> {
  return writeSafetensors(
    Object.fromEntries(
      Object.entries(tensors).map(([name, values]) => [
        name,
        { dtype: 'F32', shape: [values.length], data: Float32Array.from(values) },
      ]),
    ),
  )
}
