// probe-dtypes: which dtypes an operation takes, and what it gives, by asking its definition
//
// The definition is applied to small tensors of each dtype; shapes are tried until one suits it.

import {
  type Builder,
  DTYPES,
  type Definition,
  OperationError,
  TensorBase,
  bindArguments,
  bindDefinitions,
  inferType,
} from '@tsjit/dsl/compiler'
import type { DType, Dim, Param, TensorType } from '@tsjit/dsl/compiler'

class Probe extends TensorBase {
  readonly dtype: DType
  readonly shape: readonly Dim[]

  constructor({ dtype, shape }: TensorType) {
    super()
    this.dtype = dtype
    this.shape = shape
  }
}

const builder: Builder = { training: false, emit: (kind, inputs, params) => new Probe(inferType(kind, inputs, params)) }
const bound = bindDefinitions(builder)

const shapes: readonly (readonly number[])[] = [[2, 2], [2], [1, 2, 2], [1, 2, 2, 2], [1, 2, 2, 2, 2], []]

/** Returns the dtype of the (first) result by the dtype of the operands; nothing where the definition suits no probe. */
export function probeDTypes(definition: Definition): ReadonlyMap<DType, DType> {
  for (const shape of shapes) {
    const found = new Map(
      DTYPES.flatMap((dtype): readonly (readonly [DType, DType])[] => {
        const result = resultOf(definition, shape, dtype)
        return result === undefined ? [] : [[dtype, result]]
      }),
    )
    if (found.size > 0) return found
  }
  return new Map()
}

function resultOf(definition: Definition, shape: readonly number[], dtype: DType): DType | undefined {
  const required = definition.params.filter((param) => !('default' in param) && param.optional !== true)
  if (!required.some(({ kind }) => kind.startsWith('tensor'))) return undefined
  try {
    const args = required.map((param) => valueOf(param, shape, dtype))
    const result = definition.define(bound, bindArguments(definition, args))
    return Array.isArray(result) ? result[0]?.dtype : (result as TensorBase).dtype
  } catch (error) {
    if (error instanceof OperationError || error instanceof RangeError) return undefined
    throw error
  }
}

const indexNames: ReadonlySet<string> = new Set(['indices', 'index', 'batch'])

function valueOf({ kind, name, values }: Param, shape: readonly number[], dtype: DType): unknown {
  const tensor = new Probe({ dtype: indexNames.has(name) ? 'i32' : name === 'condition' ? 'bool' : dtype, shape })
  switch (kind) {
    case 'tensor':
    case 'tensor-or-number':
      return tensor
    case 'tensors':
      return [tensor, tensor]
    case 'axis':
    case 'int':
    case 'ints':
    case 'number':
    case 'numbers':
    case 'size':
    case 'sizes':
      return 1
    case 'axes':
      return shape.map((_, i) => i)
    case 'shape':
      return shape
    case 'pads':
      return shape.map(() => [0, 0])
    case 'dtype':
      return 'f32'
    case 'text':
      return values?.[0] ?? 'ij,jk->ik'
    case 'index':
      return [0]
    default:
      return 0
  }
}
