// node-module: a module of Node's own, where this is Node
//
// Had without an import, which bundlers for browsers would follow.

interface NodeProcess {
  getBuiltinModule?(name: string): unknown
}

/** Returns a module of Node, or undefined in a browser. */
export function nodeModule(name: string): unknown {
  return (globalThis as { readonly process?: NodeProcess }).process?.getBuiltinModule?.(name)
}
