// save-weights: the weights of a session -> a file
//
// A page loads it only when an app saves.
import type { TypedArray, WeightData } from './contract.ts'
import type { Session } from './driver.ts'
import { type TensorToWrite, writeSafetensors } from './safetensors.ts'

/** Returns a safetensors file of all weights as they are now. Integer state is I64, as in PyTorch's files. */
export async function saveWeights(
  weights: readonly WeightData[],
  session: Pick<Session, 'download'>,
): Promise<Uint8Array<ArrayBuffer>> {
  const found: Record<string, TensorToWrite> = {}
  for (const [index, weight] of weights.entries()) found[weight[0]] = tensorOf(weight, await session.download(index))
  return writeSafetensors(found)
}

function tensorOf([, dtype, shape, , role]: WeightData, data: TypedArray): TensorToWrite {
  if (dtype !== 'i32' || role !== 'buffer') return { dtype: dtype.toUpperCase(), shape, data }
  return { dtype: 'I64', shape, data: BigInt64Array.from(data, BigInt) }
}
