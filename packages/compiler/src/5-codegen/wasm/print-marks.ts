// print-marks: calls by which a program says what it launches
//
// A program that is marked calls the host with the index of each launch before it begins, and with -1 when all have ended.
// Who divides it knows that, and when a launch begins that is not inside of anything: of its pieces nothing is told.

import { get, i32, op } from './wat.ts'

/** More launches, and more groups, than there are. */
export const MOST: number = 2 ** 31 - 1

/** Before a launch; where threads may divide it, only if all of its groups are meant. */
export function printMark(index: number, isDivided: boolean): string {
  return isDivided ? markIfAll('end', index) : markOf(index)
}

/** After the last launch; where threads may divide the program, only if all launches are meant. */
export function printEnd(isDivided: boolean): string {
  return isDivided ? markIfAll('to', -1) : markOf(-1)
}

function markOf(index: number): string {
  return op('call $import_mark', i32(index))
}

/** Where the parameter says that all are meant. */
function markIfAll(param: 'end' | 'to', index: number): string {
  return `(if ${op('i32.eq', get(param), i32(MOST))} (then ${markOf(index)}))`
}
