// order-loops: the text of a module -> the same with the instructions of its loops in an order in which few wait

import { depthOf, orderInstructions } from './order-instructions.ts'
import { type Instruction, type Locals, type StraightLoop, straightLoop } from './straight-loop.ts'
import { type Tree, headOf, listsOf, printTree, readWat } from './wat-tree.ts'

/** Cycles that a turn takes at least to be worth it: loads and multiply-adds alone never wait long. */
const DEEP = 24

/** Instructions of a loop at most. */
const MOST = 1500

/** Returns a module with its long loops in order; undefined where there are none. */
export function orderLoops(text: string): string | undefined {
  const [module = ''] = readWat(text)
  let isChanged = false
  const functions = listsOf(module).map((part): Tree => {
    if (headOf(part) !== 'func') return part
    const { locals, added } = localsOf(part)
    const visit = (tree: Tree): Tree => {
      if (typeof tree === 'string') return tree
      const loop = headOf(tree) === 'loop' ? straightLoop(tree, locals) : undefined
      const isWorth = loop && loop.instructions.length <= MOST && depthOf(loop.instructions) >= DEEP
      if (!isWorth) return tree.map(visit)
      isChanged = true
      return printLoop(loop)
    }
    return withLocals(part.map(visit), added)
  })
  return isChanged ? printTree(['module', ...functions]) : undefined
}

function localsOf(func: Tree): { readonly locals: Locals; readonly added: readonly Tree[] } {
  const types = new Map(
    listsOf(func)
      .filter((part) => headOf(part) === 'param' || headOf(part) === 'local')
      .map(([, name, type]) => [String(name), String(type)] as const),
  )
  const added: Tree[] = []
  const fresh = (type: string): string => {
    const name = `$o${added.length}`
    added.push(['local', name, type])
    return name
  }
  return { locals: { typeOf: (name) => types.get(name), fresh }, added }
}

/** Locals stand before the first instruction. */
function withLocals(func: readonly Tree[], added: readonly Tree[]): Tree {
  const heads = ['param', 'result', 'local', 'type', 'export', 'import']
  const at = func.findIndex((part) => typeof part !== 'string' && !heads.includes(headOf(part)))
  return at < 0 ? func : [...func.slice(0, at), ...added, ...func.slice(at)]
}

function printLoop({ label, instructions, carried, condition }: StraightLoop): Tree {
  const body = orderInstructions(instructions).map(({ result, tree }: Instruction) =>
    result === undefined ? tree : ['local.set', result.name, tree],
  )
  return [
    'loop',
    label,
    ...body,
    ...carried.map(([local, value]) => ['local.set', local, value]),
    ['br_if', label, condition],
  ]
}
