// inputs: the declared inputs of a model -> tensors

import type { Node } from '@babel/types'
import { OptionalDeclaration, TensorDeclaration, dims, joinPath } from '@tsjit/dsl/compiler'
import type { GraphInput } from '../ir/graph/graph.ts'
import { describe } from './describe.ts'
import type { Evaluation } from './evaluation.ts'
import { nodeAt } from './models.ts'
import { refuse, refuseAt } from './report.ts'
import { type ModelValue, type ObjectValue, Poison, type Value, isObject, poison } from './value.ts'

/** The inputs of a graph, and the structure that `forward` receives. */
export interface LoweredInputs {
  readonly inputs: readonly GraphInput[]
  readonly value: Value
}

/** Lowers the inputs of a model; `node` is their object literal. Optional ones with a path in `absent` are left out. */
export function lowerInputs(
  evaluation: Evaluation,
  model: ModelValue,
  node: Node,
  absent: ReadonlySet<string>,
): LoweredInputs {
  const inputs: GraphInput[] = []
  const visit = (tree: Value, path: string, optional: boolean): Value => {
    if (tree instanceof Poison) return poison
    if (tree instanceof OptionalDeclaration) return absent.has(path) ? undefined : visit(innerOf(tree), path, true)
    if (tree instanceof TensorDeclaration && path !== '') {
      const input = createInput(evaluation, tree, path, optional)
      inputs.push(input.graph)
      return input.tensor
    }
    if (Array.isArray(tree)) return tree.map((item, index) => visit(item, joinPath(path, String(index)), optional))
    if (isObject(tree)) {
      const object: ObjectValue = {}
      for (const [key, item] of Object.entries(tree)) object[key] = visit(item, joinPath(path, key), optional)
      evaluation.sealed.set(object, path === '' ? 'the object of inputs' : `the input \`${path}\``)
      return object
    }
    const place = nodeAt(node, path.split('.'))
    return refuse(evaluation, place, 'model_bad_input', {
      path: path === '' ? 'inputs' : path,
      got: tree instanceof TensorDeclaration ? 'a tensor without a name' : describe(tree),
    })
  }
  const value = visit(model.inputs, '', false)
  checkConflicts(evaluation, inputs)
  return { inputs, value }
}

/** `optional` wraps values only. */
function innerOf({ inner }: OptionalDeclaration): Value {
  return inner as Value
}

function createInput(
  evaluation: Evaluation,
  declaration: TensorDeclaration,
  path: string,
  optional: boolean,
): { readonly graph: GraphInput; readonly tensor: ReturnType<Evaluation['recorder']['source']> } {
  const { recorder, origins } = evaluation
  const { dtype, shape } = declaration
  const before = recorder.origin
  recorder.origin = origins.get(declaration) ?? before
  const tensor = recorder.source({ dtype, shape })
  recorder.origin = before
  if (optional) evaluation.optional.add(tensor)
  return { graph: { path, value: tensor.value, optional, origin: tensor.origin }, tensor }
}

/** Reports a dimension that the inputs use with two different bounds. */
function checkConflicts(evaluation: Evaluation, inputs: readonly GraphInput[]): void {
  const found = new Map<string, { readonly min: number; readonly max: number; readonly scale: number }>()
  for (const symbol of inputs.flatMap(({ value }) => value.type.shape.flatMap((size) => dims.symbolsOf(size)))) {
    const first = found.get(symbol.name)
    if (first === undefined) found.set(symbol.name, symbol)
    else if (first.min !== symbol.min || first.max !== symbol.max || first.scale !== symbol.scale) {
      const declared = evaluation.dims.filter(({ name }) => name === symbol.name)
      const second = declared.findLast(
        ({ max, min, multipleOf }) =>
          max === symbol.max * symbol.scale && min === symbol.min * symbol.scale && multipleOf === symbol.scale,
      )
      const [other] = declared
      const span = second?.span ?? evaluation.recorder.origin.span
      const related = other === undefined ? [] : [{ message: 'it is declared first here', span: other.span }]
      refuseAt(evaluation, span, 'dim_conflict', { name: symbol.name }, { related })
    }
  }
}
