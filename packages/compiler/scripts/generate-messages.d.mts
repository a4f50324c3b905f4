// generate-messages: types for the tests that import it

import type { Page } from './parse-messages.mjs'

/** The address of a code's page. */
export function urlOf(code: string): string

/** Returns the text of `codes.gen.ts`. */
export function renderTable(pages: readonly Page[]): string

/** Returns the documentation page of one code. */
export function renderPage(page: Page): string

/** Returns the page that lists all codes by subject. */
export function renderIndex(pages: readonly Page[]): string
