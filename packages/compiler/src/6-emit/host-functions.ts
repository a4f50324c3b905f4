// host-functions: functions that stay JavaScript -> declarations of the emitted module
//
// Each is a `const` with the names that it captures around it. Functions that it calls are found when it runs, so that
// they may call one another; an object is declared once, so that all see the same.

import { internalError } from '../base/invariant.ts'
import type { FunctionNode, HostCapture, HostFunction } from '../ir/source.ts'
import { type CodeStyle, dataJs, printJs } from './js-text.ts'
import { stripNode } from './strip-module.ts'

/** Declares host functions, each once. */
export interface HostNames {
  /** Returns the variable that holds a function. */
  nameOf(fn: HostFunction): string
  /** The declarations so far. */
  readonly declared: readonly string[]
}

/** Returns what declares host functions; `texts` are those of the modules. */
export function createHostNames(texts: ReadonlyMap<string, string>, style: CodeStyle): HostNames {
  const functions = new Map<HostFunction, string>()
  const known = new Map<string, string>()
  const objects = new Map<object, string>()
  const declared: string[] = []
  const dataText = (data: unknown): string => {
    if (typeof data !== 'object' || data === null) return printJs(dataJs(data), style)
    const name = objects.get(data) ?? `__tsjit_data_${objects.size}`
    if (!objects.has(data)) declared.push(`const ${name} = ${printJs(dataJs(data), style)}\n`)
    objects.set(data, name)
    return name
  }
  const captureText = (name: string, capture: HostCapture): string =>
    'fn' in capture
      ? `const ${name} = (...args) => ${nameOf(capture.fn)}(...args);`
      : `const ${name} = ${dataText(capture.data)};`
  const nameOf = (fn: HostFunction): string => {
    const before = functions.get(fn)
    if (before !== undefined) return before
    const name = `__tsjit_host_${functions.size}`
    functions.set(fn, name)
    const text = texts.get(fn.file) ?? internalError(`there is no text of ${fn.file}`)
    const around = [...fn.captures].map(([captured, capture]) => captureText(captured, capture)).join(' ')
    const own = functionText(fn.node, text)
    const value = around === '' ? own : `/*#__PURE__*/ (() => { ${around} return ${own} })()`
    // programs of several modes have it once each; functions that name another are told apart by that name
    const same = known.get(value)
    if (same !== undefined) {
      functions.set(fn, same)
      return same
    }
    known.set(value, name)
    declared.push(`const ${name} = ${value}\n`)
    return name
  }
  return { nameOf, declared }
}

function functionText(node: FunctionNode, text: string): string {
  const own = stripNode(node, text)
  return node.type === 'ObjectMethod' ? `Object.values({ ${own} })[0]` : `(${own})`
}
