// target-switch: compiled or eager, with the times of both

import { find } from '../find.ts'
import type { Lab, LabTarget } from '../model/lab.ts'
import { duration } from '../words.ts'

/** The choice of a target. */
export interface TargetSwitch {
  readonly target: LabTarget
  /** Takes a target off the list. */
  withdraw(target: LabTarget): void
  /** Shows the times that a lab has measured. */
  show(lab: Lab): void
}

const targets = ['webgpu', 'wasm', 'eager'] as const

/** Wires the radio buttons. */
export function createTargetSwitch(change: (target: LabTarget) => void): TargetSwitch {
  const field = find('#switch', HTMLFieldSetElement)
  const ratio = find('#ratio', HTMLElement)
  const radio = (target: LabTarget): HTMLInputElement => find(`[value="${target}"]`, HTMLInputElement, field)
  const targetNow = (): LabTarget => targets.find((target) => radio(target).checked) ?? 'webgpu'
  field.addEventListener('change', () => change(targetNow()))
  return {
    get target() {
      return targetNow()
    },
    withdraw(target) {
      radio(target).disabled = true
      const next = targets.find((other) => !radio(other).disabled)
      if (next) radio(next).checked = true
    },
    show(lab) {
      for (const target of targets) {
        const time = lab.median(target)
        if (time !== undefined) find(`[data-time="${target}"]`, HTMLElement, field).textContent = duration(time)
      }
      const compiled = (['webgpu', 'wasm'] as const).flatMap((target) => lab.median(target) ?? [])
      const eager = lab.median('eager')
      if (compiled.length > 0 && eager !== undefined) ratio.textContent = compare(Math.min(...compiled), eager)
    },
  }
}

function compare(compiled: number, eager: number): string {
  if (compiled > eager)
    return 'A software GPU is at work here: on a real one, or in WebAssembly, compiled is far ahead.'
  const factor = eager / compiled
  return `Compiled is ${factor < 10 ? factor.toFixed(1) : Math.round(factor)} times as fast here, with the same result.`
}
