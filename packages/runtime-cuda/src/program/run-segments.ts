// run-segments: a run that the host has to look after, because it decides how often some launches are repeated
import { type CudaDevice, guard } from '../device/device.ts'
import type { Prepared } from './prepare.ts'
import type { Slot } from './slot.ts'

/** Launches each segment, those with a flag until it is 0; there is one at least. */
export async function runSegments(
  device: CudaDevice,
  { segments }: Prepared,
  slot: Slot,
  launch: (index: number) => void,
): Promise<void> {
  for (let index = 0; index < Math.max(1, segments.length); index++) {
    const flag = segments[index]?.flag
    do {
      guard(device, () => {
        launch(index)
        slot.mark()
      })
      // whether there is another turn is known only then
      if (flag) await slot.ended()
    } while (flag && slot.flag[0] !== 0)
  }
}
