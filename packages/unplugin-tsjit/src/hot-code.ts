// hot-code: emitted code -> the same code that replaces itself
//
// Appended, so that the source map stays right. `accept` must appear literally: hosts look for the text.

/** The specifier of the code that runs in the page; the plugin resolves it to this package. */
export const hotSpecifier = 'unplugin-tsjit/hot'

/** Returns the code with hot replacement in the dialect of the host, or as it is where it exports nothing. */
export function withHot(code: string, dialect: 'vite' | 'webpack'): string {
  const names = exportedNames(code)
  if (names.length === 0) return code
  const models = `{ ${names.join(', ')} }`
  const start = `${code.trimEnd()}\n\nimport { follow as __tsjit_follow } from '${hotSpecifier}'\n`
  if (dialect === 'vite') {
    return `${start}if (import.meta.hot) {
  __tsjit_follow(import.meta.hot.data, ${models})
  import.meta.hot.accept()
}
`
  }
  return `${start}if (import.meta.webpackHot) {
  const __tsjit_data = import.meta.webpackHot.data ?? {}
  __tsjit_follow(__tsjit_data, ${models})
  import.meta.webpackHot.dispose((data) => Object.assign(data, __tsjit_data))
  import.meta.webpackHot.accept()
}
`
}

// The emitter writes `export const name =` for models and data, or one `export { a as b }` at the end.
function exportedNames(code: string): readonly string[] {
  const names = new Map<string, string>()
  for (const [, name = ''] of code.matchAll(/^export\s+(?:const|let|function)\s+([\w$]+)/gm)) names.set(name, name)
  for (const [, list = ''] of code.matchAll(/^export\s*\{([^}]*)\}(?!\s*from)/gm)) {
    for (const each of list.split(',')) {
      const [, local, exported = local] = /^\s*([\w$]+)(?:\s+as\s+([\w$]+))?\s*$/.exec(each) ?? []
      if (local !== undefined && exported !== undefined && exported !== 'default') names.set(exported, local)
    }
  }
  return [...names].map(([exported, local]) => (exported === local ? local : `${exported}: ${local}`))
}
