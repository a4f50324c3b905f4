// straight-loop: a loop without branches inside -> its instructions, each result with a name of its own
//
// What the loop hands on to its next turn, or to what follows it, is set when all else is done.

import { type Tree, headOf, listsOf } from './wat-tree.ts'

/** One instruction of a loop; its operands are names, constants and what is as cheap. */
export interface Instruction {
  /** The local that holds its result, and the type of that; a store has none. */
  readonly result?: { readonly name: string; readonly type: string }
  readonly tree: readonly Tree[]
  /** The instructions that it needs the results of. */
  readonly needs: readonly Instruction[]
}

/** A loop in pieces. */
export interface StraightLoop {
  readonly label: string
  readonly instructions: readonly Instruction[]
  /** Locals, and what they hold when a turn is over. */
  readonly carried: readonly (readonly [local: string, value: Tree])[]
  /** The condition on which it goes on. */
  readonly condition: Tree
}

/** Names and types of locals. */
export interface Locals {
  typeOf(local: string): string | undefined
  /** Returns a new local. */
  fresh(type: string): string
}

/** Instructions that are understood: arithmetic, loads and stores of one value. */
const PLAIN = /^(?:v128|[fi]\d+x\d+|[fi]32|[fi]64)\.|^select$/
const STORE = /\.store/
/** Constants of vectors lie at fixed places of the memory, where nothing is ever stored. */
const isConstant = (tree: Tree): boolean =>
  headOf(tree).endsWith('.const') || (headOf(tree) === 'v128.load' && headOf(tree.at(-1) ?? '') === 'i32.const')

/** Returns a loop in pieces; undefined where it branches, calls or contains anything else. */
export function straightLoop(loop: Tree, locals: Locals): StraightLoop | undefined {
  const [label] = typeof loop === 'string' ? [] : loop.slice(1)
  const body = listsOf(loop)
  const end = body.at(-1)
  if (typeof label !== 'string' || end === undefined || headOf(end) !== 'br_if' || end[1] !== label) return undefined
  if (!body.slice(0, -1).every(isStraight) || !isStraight(end[2] ?? '')) return undefined
  const flattener = new Flattener(locals)
  for (const statement of body.slice(0, -1)) flattener.flatten(statement)
  const condition = flattener.flatten(end[2] ?? '') ?? ''
  const { instructions, values } = flattener
  return { label, instructions, carried: [...values], condition }
}

function isStraight(tree: Tree): boolean {
  if (typeof tree === 'string') return true
  const head = headOf(tree)
  const isBlock = head === 'block' && !(typeof tree[1] === 'string')
  const isKnown = isBlock || PLAIN.test(head) || /^local\.(?:get|set|tee)$|^nop$/.test(head)
  return isKnown && listsOf(tree).every((each) => headOf(each) === 'result' || isStraight(each))
}

class Flattener {
  readonly instructions: Instruction[] = []
  /** What the locals hold that have been set. */
  readonly values = new Map<string, Tree>()
  readonly #locals: Locals
  readonly #byName = new Map<string, Instruction>()

  constructor(locals: Locals) {
    this.#locals = locals
  }

  /** Adds the instructions of an expression; returns what stands for its value. */
  flatten(tree: Tree): Tree | undefined {
    if (typeof tree === 'string') return tree
    const [head, first] = tree
    const name = typeof first === 'string' ? first : ''
    if (head === 'nop' || isConstant(tree)) return tree
    if (head === 'local.get') return this.values.get(name) ?? tree
    if (head === 'local.set' || head === 'local.tee') {
      const value = this.flatten(tree[2] ?? '') ?? ''
      // of a local that is set later it is the old value that is meant
      const isOld = headOf(value) === 'local.get' && !this.#byName.has(String(value[1]))
      const own = isOld ? this.#add([...value], this.#locals.typeOf(String(value[1]))) : value
      this.values.set(name, own)
      return own
    }
    if (head === 'block') return listsOf(tree).reduce<Tree | undefined>((_, each) => this.flatten(each), undefined)
    if (head === 'result') return undefined
    const operands = tree.slice(1).map((operand) => this.flatten(operand) ?? '')
    return this.#add(
      [head ?? '', ...operands],
      STORE.test(String(head)) ? undefined : this.#typeOf(String(head), operands),
    )
  }

  #add(tree: readonly Tree[], type: string | undefined): Tree {
    const operands = tree[0] === 'local.get' ? [] : listsOf(tree)
    const needs = operands.flatMap((operand) => this.#byName.get(String(operand[1])) ?? [])
    if (type === undefined) {
      this.instructions.push({ tree, needs })
      return ''
    }
    const name = this.#locals.fresh(type)
    const instruction: Instruction = { result: { name, type }, tree, needs }
    this.instructions.push(instruction)
    this.#byName.set(name, instruction)
    return ['local.get', name]
  }

  #typeOf(head: string, operands: readonly Tree[]): string {
    if (head === 'select') return this.#typeOfValue(operands.find((operand) => typeof operand !== 'string') ?? '')
    if (/\.(?:all_true|any_true|bitmask)$|^[fi]\d+\.(?:eqz|eq|ne|[lg][te](?:_[su])?)$/.test(head)) return 'i32'
    const [shape = '', what = ''] = head.split('.')
    if (!/^[fi]\d+x/.test(shape)) return shape
    if (!what.startsWith('extract_lane')) return 'v128'
    return /^i(?:8|16)x/.test(shape) ? 'i32' : shape.replace(/x.*/, '')
  }

  #typeOfValue(tree: Tree): string {
    const name = headOf(tree) === 'local.get' ? String(tree[1]) : undefined
    if (name === undefined) return this.#typeOf(headOf(tree), listsOf(tree))
    return this.#byName.get(name)?.result?.type ?? this.#locals.typeOf(name) ?? ''
  }
}
