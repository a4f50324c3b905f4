// wat-tree: WebAssembly text <-> nested lists

/** An atom, or a list: its head, then operands. */
export type Tree = string | readonly Tree[]

/** Returns the expressions of a text, without its comments. */
export function readWat(text: string): readonly Tree[] {
  const all: Tree[] = []
  const open: Tree[][] = [all]
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|;;.*|\(;[\s\S]*?;\)|[()]|[^\s()"]+/g)) {
    if (token.startsWith(';;') || token.startsWith('(;')) continue
    if (token === ')') open.pop()
    else if (token === '(') {
      const list: Tree[] = []
      open.at(-1)?.push(list)
      open.push(list)
    } else open.at(-1)?.push(token)
  }
  return all
}

/** Returns the text of an expression. */
export function printTree(tree: Tree): string {
  return typeof tree === 'string' ? tree : `(${tree.map(printTree).join(' ')})`
}

/** Returns the head of a list; of an atom, nothing. */
export function headOf(tree: Tree): string {
  const head = typeof tree === 'string' ? '' : tree[0]
  return typeof head === 'string' ? head : ''
}

/** Returns the lists in a list. */
export function listsOf(tree: Tree): readonly (readonly Tree[])[] {
  return typeof tree === 'string' ? [] : tree.filter((part) => typeof part !== 'string')
}
