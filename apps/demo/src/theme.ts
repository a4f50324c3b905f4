// theme: light or dark, as the system says until the reader says otherwise

import { find } from './find.ts'

const key = 'tsjit-theme'

/** Wires the button and applies what was chosen before. */
export function wireTheme(): void {
  const root = document.documentElement
  const stored = recall()
  if (stored !== null) root.style.colorScheme = stored
  find('#theme', HTMLButtonElement).addEventListener('click', () => {
    const isDark = root.style.colorScheme
      ? root.style.colorScheme === 'dark'
      : matchMedia('(prefers-color-scheme: dark)').matches
    root.style.colorScheme = isDark ? 'light' : 'dark'
    remember(root.style.colorScheme)
    dispatchEvent(new Event('resize'))
  })
}

// Storage may be forbidden; the choice then lasts as long as the page.
function recall(): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

function remember(value: string): void {
  try {
    localStorage.setItem(key, value)
  } catch {
    // Nothing to do.
  }
}
