// path-tree: dotted paths -> the structure that they came from

/** A structure of inputs or outputs. */
export type PathTree<Leaf> =
  | { readonly leaf: Leaf }
  | { readonly children: ReadonlyMap<string, PathTree<Leaf>>; readonly isList: boolean }

/** Returns the structure of a flat list; keys that count from 0 make a list. */
export function treeOfPaths<Leaf extends { readonly path: string }>(leaves: readonly Leaf[]): PathTree<Leaf> {
  return build(leaves.map((leaf) => ({ leaf, keys: leaf.path.split('.') })))
}

interface Entry<Leaf> {
  readonly leaf: Leaf
  readonly keys: readonly string[]
}

function build<Leaf>(entries: readonly Entry<Leaf>[]): PathTree<Leaf> {
  const [only] = entries
  if (only !== undefined && entries.length === 1 && only.keys.length === 0) return { leaf: only.leaf }
  const groups = new Map<string, Entry<Leaf>[]>()
  for (const { leaf, keys } of entries) {
    const [key = '', ...rest] = keys
    const group = groups.get(key) ?? []
    group.push({ leaf, keys: rest })
    groups.set(key, group)
  }
  const names = [...groups.keys()]
  const isList = names.length > 0 && names.every((name, i) => name === String(i))
  return { children: new Map([...groups].map(([name, group]) => [name, build(group)])), isList }
}
