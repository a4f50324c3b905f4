// c-names: names of models, inputs and outputs -> identifiers of C and C++

const reserved = new Set(
  (
    'alignas alignof and and_eq asm auto bitand bitor bool break case catch char class compl const const_cast constexpr ' +
    'continue data decltype default delete do double dynamic_cast else enum explicit export extern false float for friend ' +
    'goto if inline int long main mutable namespace new noexcept not not_eq nullptr operator or or_eq private protected ' +
    'public register reinterpret_cast restrict return shape short signed sizeof static static_assert static_cast struct ' +
    'switch template this thread_local throw true try typedef typeid typename typeof union unsigned using virtual void ' +
    'volatile wchar_t while xor xor_eq NULL EOF errno stdin stdout stderr linux unix i386 near far tj'
  ).split(' '),
)

/** Returns an identifier for each name, all different. */
export function identifiers(names: readonly string[]): readonly string[] {
  const taken = new Set<string>()
  return names.map((name) => {
    const base = identifier(name)
    let own = base
    for (let n = 2; taken.has(own); n++) own = `${base}_${n}`
    taken.add(own)
    return own
  })
}

/** Returns an identifier for a name. */
export function identifier(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replaceAll(/[^A-Za-z0-9_]/g, '_')
    .replaceAll(/_{2,}/g, '_')
  const safe = /^[A-Za-z]/.test(plain) ? plain : `v${plain.startsWith('_') ? '' : '_'}${plain}`
  return reserved.has(safe) ? `${safe}_` : safe
}

/** Returns a string literal. */
export function cString(text: string): string {
  const bytes = [...new TextEncoder().encode(text)]
  const inner = bytes.map((byte) => {
    const char = String.fromCharCode(byte)
    if (byte < 32 || byte > 126 || char === '?') return `\\${byte.toString(8).padStart(3, '0')}`
    return char === '"' || char === '\\' ? `\\${char}` : char
  })
  return `"${inner.join('')}"`
}
