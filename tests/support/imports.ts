// imports: TypeScript text -> the module specifiers that it names
import { parse } from '@babel/parser'

/**
 * Returns every specifier in order of appearance: `import`, `export … from`, bare imports, `import()`, and the
 * type `import('…')`. An `import()` of a computed specifier loads what its caller names and is no import of the
 * package. Throws where the text does not parse.
 */
export function importsOf(text: string, file: string): string[] {
  const ast = parse(text, { sourceType: 'module', plugins: ['typescript'], sourceFilename: file })
  const found: string[] = []
  visit(ast.program, (node) => {
    const source = sourceOf(node)
    if (typeof source?.value === 'string') found.push(source.value)
  })
  return found
}

type Node = { readonly type: string } & { readonly [key: string]: unknown }
type Literal = { readonly value?: unknown }

function sourceOf(node: Node): Literal | undefined {
  if (/^(Import|ExportNamed|ExportAll)Declaration$/.test(node.type)) return (node['source'] ?? undefined) as Literal
  if (node.type === 'ImportExpression') return node['source'] as Literal
  if (node.type === 'TSImportType') {
    const argument = node['argument'] as Literal & { readonly literal?: Literal }
    return argument.literal ?? argument
  }
  if (node.type === 'TSExternalModuleReference') return node['expression'] as Literal
  const callee = node['callee'] as Node | undefined
  if (node.type === 'CallExpression' && callee?.type === 'Import') return (node['arguments'] as Literal[])[0]
  return undefined
}

function visit(value: unknown, enter: (node: Node) => void): void {
  if (Array.isArray(value)) {
    for (const element of value) visit(element, enter)
  } else if (isNode(value)) {
    enter(value)
    for (const [key, child] of Object.entries(value)) {
      if (key !== 'loc' && key !== 'extra' && !key.endsWith('Comments')) visit(child, enter)
    }
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}
