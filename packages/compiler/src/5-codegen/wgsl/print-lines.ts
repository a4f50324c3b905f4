// print-lines: lines with numbered values -> text
//
// A value that several lines use, and that is worth a name, gets its `let` before the first of them.

import { createTextWriter } from '../../base/text.ts'
import type { Line } from './lines.ts'
import type { Names } from './names.ts'
import type { Node } from './nodes.ts'
import { type Text, primary } from './text.ts'

/** Prints lines. */
export interface Printer {
  /** Returns the lines as text, indented by one step, with a line feed after each. */
  print(lines: readonly Line[]): string
}

/** Returns a printer that takes new names from `names`. */
export function createPrinter(names: Names): Printer {
  const writer = createTextWriter()
  const declare = (node: Node, text: Text): Text => {
    node.name = primary(names.fresh(node.wish))
    writer.line(`let ${node.name.text} = ${text.text};`)
    return node.name
  }
  const textOf = (node: Node): Text => {
    if (node.name !== undefined) return node.name
    const text = node.print(node.operands.map(textOf))
    return node.uses > 1 && !node.cheap ? declare(node, text) : text
  }
  const printLine = (line: Line): void => {
    if (line.kind === 'let') {
      if (line.node.name === undefined) declare(line.node, line.node.print(line.node.operands.map(textOf)))
      return
    }
    const text = line.print(line.nodes.map(textOf))
    if (line.kind === 'line') return writer.line(text)
    writer.line(`${text} {`)
    writer.indented(() => line.body.forEach(printLine))
    if (line.otherwise.length > 0) {
      writer.line('} else {')
      writer.indented(() => line.otherwise.forEach(printLine))
    }
    writer.line('}')
  }
  return {
    print(lines) {
      writer.indented(() => lines.forEach(printLine))
      return `${writer.toString()}\n`
    },
  }
}
