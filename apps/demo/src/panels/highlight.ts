// highlight: code -> the same code with its comments, words and numbers marked
//
// Enough for TypeScript and WGSL to be pleasant to read; not a parser.

const words =
  'import export from const let var fn function return for of if else while loop break continue struct true false new ' +
  'enable override switch case default'
const types = 'f32 f16 i32 u32 bool vec2f vec3f vec4f vec2 vec3 vec4 array atomic ptr storage workgroup uniform'
const kinds = new Map([
  ...words.split(' ').map((word) => [word, 'word'] as const),
  ...types.split(' ').map((word) => [word, 'type'] as const),
])
const tokens = /\/\/[^\n]*|'[^'\n]*'|`[^`]*`|@\w+|\b\d[\w.]*|[A-Za-z_$][\w$]*/g

/** Returns the nodes of the code. */
export function highlight(code: string): readonly Node[] {
  const nodes: Node[] = []
  let end = 0
  for (const match of code.matchAll(tokens)) {
    const [text] = match
    const kind = kindOf(text)
    if (kind === undefined) continue
    nodes.push(document.createTextNode(code.slice(end, match.index)))
    const mark = document.createElement('span')
    mark.className = kind
    mark.textContent = text
    nodes.push(mark)
    end = match.index + text.length
  }
  return [...nodes, document.createTextNode(code.slice(end))]
}

function kindOf(text: string): string | undefined {
  if (text.startsWith('//')) return 'comment'
  if (/^['`]/.test(text)) return 'text'
  if (text.startsWith('@')) return 'word'
  if (/^\d/.test(text)) return 'amount'
  return kinds.get(text)
}
