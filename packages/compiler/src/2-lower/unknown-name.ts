// unknown-name: a name that is not declared -> what is probably meant
//
// An operation that is not imported, a misspelt name, or something of JavaScript that no model can call.

import type { Identifier, MemberExpression, OptionalMemberExpression } from '@babel/types'
import { OPERATION_NAMES } from '@tsjit/dsl/compiler'
import { didYouMean } from '../diagnostics/did-you-mean.ts'
import type { ReportOptions } from '../diagnostics/reporter.ts'
import { type Evaluation, spanOf, textOf } from './evaluation.ts'
import { refuse } from './report.ts'
import { withTemplateImport } from './template-rewrite.ts'
import type { Poison } from './value.ts'

/** What can be looked up: the names that are known at a place. */
export interface Names {
  names(): readonly string[]
}

/** Reports a name that is not declared, as what it is. Returns poison. */
export function unknownName(evaluation: Evaluation, node: Identifier, scope: Names): Poison {
  const { name } = node
  if (nondeterministic.has(name)) return refuse(evaluation, node, 'source_nondeterministic', { name })
  if (hostNames.has(name)) return refuse(evaluation, node, 'source_host_call', { name })
  return refuse(evaluation, node, 'source_unknown_name', { name }, suggest(evaluation, node, scope))
}

/** Returns whether a name is one of JavaScript's that no model can use. */
export function isHostName(name: string): boolean {
  return nondeterministic.has(name) || hostNames.has(name)
}

/** Reports a member of something of JavaScript's: `Date.now`, `console.log`. Returns poison. */
export function unknownMember(
  evaluation: Evaluation,
  node: MemberExpression | OptionalMemberExpression,
  object: Identifier,
): Poison {
  const name = textOf(evaluation, node)
  if (nondeterministic.has(object.name)) return refuse(evaluation, node, 'source_nondeterministic', { name })
  return refuse(evaluation, node, 'source_host_call', { name })
}

/** Names whose values differ from one evaluation to the next. */
const nondeterministic: ReadonlySet<string> = new Set(['Date', 'performance', 'crypto'])

const hostNames: ReadonlySet<string> = new Set(
  [
    'console window document globalThis self process navigator location localStorage',
    'fetch setTimeout setInterval requestAnimationFrame queueMicrotask structuredClone alert',
    'parseInt parseFloat isNaN isFinite encodeURIComponent JSON Promise Map Set',
    'WeakMap WeakSet Symbol Reflect Proxy Intl RegExp Error TypeError RangeError',
    'BigInt Function Atomics WebAssembly require module exports Buffer URL Worker',
    'Float32Array Float64Array Int32Array Uint32Array Uint8Array Int8Array ArrayBuffer',
  ].flatMap((line) => line.split(' ')),
)

function suggest(evaluation: Evaluation, node: Identifier, scope: Names): ReportOptions {
  const { name } = node
  const isOperation = OPERATION_NAMES.some((each) => each === name)
  if (isOperation) {
    const fix = withTemplateImport(evaluation, `import \`${name}\``, node, name, [name])
    return { help: `it is an operation: \`import { ${name} } from '@tsjit/dsl'\``, fix }
  }
  const near = didYouMean(name, [...scope.names(), ...OPERATION_NAMES])
  if (near === undefined) return {}
  const edits = [{ span: spanOf(evaluation, node), text: near }]
  return { help: `did you mean \`${near}\`?`, fix: { title: `write \`${near}\``, edits } }
}
