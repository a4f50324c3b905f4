// main: a page that runs models on threads, for a test to call

import { tryModels } from './try-models.ts'

const violations: string[] = []
document.addEventListener('securitypolicyviolation', (event) => violations.push(event.violatedDirective))

/** What a test calls. */
export interface ThreadsPage {
  readonly tryModels: typeof tryModels
  readonly violations: readonly string[]
}

const threadsPage: ThreadsPage = { tryModels, violations }
Object.assign(globalThis, { threadsPage })
