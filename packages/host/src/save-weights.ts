// save-weights: the weights of a session -> a file
//
// Part of explain.ts, which a page loads only when it needs it.
import type { TypedArray } from './contract.ts'
import type { WeightData } from './program-data.ts'
import type { Session } from './driver.ts'
import { encodeSafetensors, type TensorToWrite } from './encode-safetensors.ts'

/** Returns a safetensors file of all weights as they are now. Integer state is I64, as in PyTorch's files. */
export async function saveWeights(
  weights: readonly WeightData[],
  session: Pick<Session, 'download'>,
): Promise<Uint8Array<ArrayBuffer>> {
  const found = await Promise.all(
    weights.map(async (weight, index) => [weight[0], tensorOf(weight, await session.download(index))] as const),
  )
  // Wide elements first keeps every tensor aligned to its element.
  return encodeSafetensors(found.sort(([, a], [, b]) => widthOf(b) - widthOf(a)))
}

function widthOf({ data }: TensorToWrite): number {
  return 'BYTES_PER_ELEMENT' in data ? Number(data.BYTES_PER_ELEMENT) : 1
}

function tensorOf([, dtype, shape, , role]: WeightData, data: TypedArray): TensorToWrite {
  if (dtype !== 'i32' || role !== 'buffer') return { dtype: dtype.toUpperCase(), shape, data }
  return { dtype: 'I64', shape, data: BigInt64Array.from(data, BigInt) }
}
