// dtype: the element types of tensors
//
// Names as in safetensors and PyTorch, shortened. What a target stores and what it computes in may differ
// (f16 and bf16 fall back to f32 compute); that is the target's business, not this file's.

/** The element type of a tensor. */
export type DType = 'f32' | 'f16' | 'bf16' | 'i32' | 'u32' | 'i8' | 'u8' | 'bool'

/** Every dtype, in the order in which promotion prefers them (later wins within one kind). */
export const DTYPES: readonly DType[] = ['bool', 'u8', 'i8', 'u32', 'i32', 'f16', 'bf16', 'f32']

/** The kind of number a dtype holds; promotion goes bool < integer < float, as in PyTorch. */
export type DTypeKind = 'bool' | 'integer' | 'float'

const kinds: { readonly [D in DType]: DTypeKind } = {
  f32: 'float',
  f16: 'float',
  bf16: 'float',
  i32: 'integer',
  u32: 'integer',
  i8: 'integer',
  u8: 'integer',
  bool: 'bool',
}

const bytes: { readonly [D in DType]: number } = { f32: 4, f16: 2, bf16: 2, i32: 4, u32: 4, i8: 1, u8: 1, bool: 1 }

/** Returns the kind of number that `dtype` holds. */
export function kindOf(dtype: DType): DTypeKind {
  return kinds[dtype]
}

/** Returns the bytes of one element at rest (in a weights file or a typed array). */
export function bytesOf(dtype: DType): number {
  return bytes[dtype]
}

/** Returns the dtype that two operands meet in: PyTorch's promotion, without widening to 64 bits. */
export function promote(a: DType, b: DType): DType {
  if (a === b) return a
  const floats = [a, b].filter((d) => kinds[d] === 'float')
  if (floats.length === 2) return 'f32' // f16 with bf16, or either with f32
  const float = floats[0]
  if (float !== undefined) return float
  if (a === 'bool') return b
  if (b === 'bool') return a
  // i8 with u8 needs a signed type that holds both; u32 with a signed type has none wider, so i32 as PyTorch's int
  return a === 'u32' || b === 'u32' ? (a === 'u8' || b === 'u8' ? 'u32' : 'i32') : 'i32'
}
