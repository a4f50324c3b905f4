// inside: models in a worker of the page

import { tryModels, type Way } from '../page/try-models.ts'

addEventListener('message', async ({ data }) => postMessage(await tryModels(data as readonly Way[])))
