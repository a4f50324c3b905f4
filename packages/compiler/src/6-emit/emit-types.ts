// emit-types: graphs -> the declarations of a module
//
// What an editor knows of an imported `.tsjit` file: models with their inputs and outputs, and plain data by its values.

import { dims } from '@tsjit/dsl/compiler'
import { appInputs, appOutputs } from '../ir/graph/app-slots.ts'
import type { Graph, GraphInput, GraphOutput } from '../ir/graph/graph.ts'
import type { ModuleContent } from './emit-module.ts'
import { isIdentifier, quote } from './js-text.ts'
import { type PathTree, treeOfPaths } from './path-tree.ts'
import { typeOfData } from './type-of-data.ts'

/** Returns the text of the `.d.ts` file. */
export function emitTypes(content: ModuleContent): string {
  const declared = [
    ...content.models.map(
      (model) =>
        [
          model.name,
          modelType(model.eval.plan.graph, model.without?.eval.map(({ plan }) => plan.graph) ?? []),
        ] as const,
    ),
    ...[...content.data].map(([name, value]) => [name, typeOfData(value)] as const),
  ]
  const texts = declared.map(([name, type], i) => commentOf(name, content) + declaration(name, type, i))
  const used = ['Input', 'ModelDefinition', 'Output'].filter((word) => texts.some((text) => text.includes(`${word}<`)))
  const imports = used.length === 0 ? [] : [`import type { ${used.join(', ')} } from '@tsjit/host'\n`]
  return texts.length === 0 ? 'export {}\n' : [...imports, ...texts].join('\n')
}

function declaration(name: string, type: string, index: number): string {
  if (isIdentifier(name)) return `export declare const ${name}: ${type}\n`
  const local = `__tsjit_${index}`
  return `declare const ${local}: ${type}\nexport { ${local} as ${name === 'default' ? name : quote(name)} }\n`
}

function modelType(graph: Graph, others: readonly Graph[]): string {
  const inputType = typeOfTree(treeOfPaths(appInputs(graph)), ({ value, optional }) => ({
    type: tensorType('Input', value.type),
    optional,
  }))
  // What a call without optional inputs gives may be something else.
  const given = [graph, ...others].map((each) => outputsType(appOutputs(each)))
  return `ModelDefinition<\n  ${inputType.type},\n  ${[...new Set(given)].join(' | ')}\n>`
}

function outputsType(outputs: readonly GraphOutput[]): string {
  const leaf = ({ value }: GraphOutput): TypeText => ({ type: tensorType('Output', value.type), optional: false })
  return typeOfTree(treeOfPaths(outputs), leaf).type
}

function tensorType(word: 'Input' | 'Output', { dtype, shape }: Graph['inputs'][number]['value']['type']): string {
  const axes = shape.map((size) => (typeof size === 'number' ? String(size) : quote(dims.printDim(size))))
  return `${word}<${quote(dtype)}, [${axes.join(', ')}]>`
}

interface TypeText {
  readonly type: string
  readonly optional: boolean
}

function typeOfTree<Leaf extends GraphInput | GraphOutput>(
  tree: PathTree<Leaf>,
  typeOf: (leaf: Leaf) => TypeText,
): TypeText {
  if ('leaf' in tree) return typeOf(tree.leaf)
  const parts = [...tree.children].map(([name, child]) => ({ name, ...typeOfTree(child, typeOf) }))
  const optional = parts.length > 0 && parts.every((part) => part.optional)
  if (tree.isList) {
    const items = parts.map((part) => (part.optional ? `${part.type} | undefined` : part.type))
    return { type: `readonly [${items.join(', ')}]`, optional }
  }
  const members = parts.map((part) => {
    const name = isIdentifier(part.name) ? part.name : quote(part.name)
    return part.optional ? `readonly ${name}?: ${part.type} | undefined` : `readonly ${name}: ${part.type}`
  })
  return { type: members.length === 0 ? '{}' : `{ ${members.join('; ')} }`, optional }
}

/** The documentation comment that stands before the export. */
function commentOf(name: string, { source, exportSpans }: ModuleContent): string {
  const span = exportSpans.get(name)
  if (span?.file !== source.file) return ''
  const before = source.text
    .slice(0, span.start)
    .replace(/\bexport\s+(?:const|let)\s+$/, '')
    .trimEnd()
  const start = before.lastIndexOf('/**')
  const comment = before.slice(start)
  const isComment = start >= 0 && comment.indexOf('*/') === comment.length - 2
  return isComment ? `${comment.replaceAll(/\n[ \t]*(?=\*)/g, '\n ')}\n` : ''
}
