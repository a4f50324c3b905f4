// main: the page

import { createAdderPanel } from './panels/adder-panel.ts'
import { createDigitsPanel } from './panels/digits-panel.ts'
import { createPeekPanel } from './panels/peek-panel.ts'
import { createTargetSwitch } from './panels/target-switch.ts'
import type { DigitsPanel } from './panels/digits-panel.ts'
import type { TargetSwitch } from './panels/target-switch.ts'
import { find } from './find.ts'
import { wireTheme } from './theme.ts'

wireTheme()
const notice = find('#notice', HTMLElement)
const targets: TargetSwitch = createTargetSwitch((target) => {
  tell('')
  void panel.use(target).catch((error: unknown) => tell(messageOf(error)))
})
const panel: DigitsPanel = createDigitsPanel(targets)
const adder = createAdderPanel(targets)

panel.greet()
void start()
createPeekPanel()
// A module that was edited while developing has been replaced: read the drawing again.
addEventListener('tsjit:update', () => void panel.use(targets.target))

async function start(): Promise<void> {
  try {
    await panel.use('webgpu')
  } catch (error) {
    targets.withdraw('webgpu')
    tell(withoutGpu(error))
    await panel.use('wasm').catch((reason: unknown) => tell(messageOf(reason)))
  }
  whenSeen(find('#adder', HTMLElement), () => void adder.start())
}

// The second network is fetched when its exercise comes into view.
function whenSeen(element: HTMLElement, act: () => void): void {
  const observer = new IntersectionObserver((entries) => {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return
    observer.disconnect()
    act()
  })
  observer.observe(element)
}

function withoutGpu(error: unknown): string {
  const hasGpu = (navigator as { readonly gpu?: object }).gpu !== undefined
  const start = hasGpu ? 'WebGPU is here, but would not start' : 'This browser has no WebGPU'
  const detail = hasGpu ? ` (${messageOf(error)})` : ''
  return `${start}${detail}. So the networks run as WebAssembly on the CPU, which they were compiled for too. Current Chrome, Edge, Safari and Firefox have WebGPU.`
}

function tell(text: string): void {
  notice.textContent = text
  notice.hidden = text === ''
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
