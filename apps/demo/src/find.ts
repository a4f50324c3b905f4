// find: elements that the page must have

/** Returns the first element that matches, of the given class. Throws where the page has none. */
export function find<T extends Element>(selector: string, kind: new () => T, root: ParentNode = document): T {
  const element = root.querySelector(selector)
  if (!(element instanceof kind)) throw new Error(`the page has no ${selector}`)
  return element
}

/** Returns a new element with classes and content. */
export function create(tag: string, className: string, ...content: readonly (Node | string)[]): HTMLElement {
  const element = document.createElement(tag)
  if (className !== '') element.className = className
  element.append(...content)
  return element
}

/** Shows a text at every place on the page that is marked for a fact. */
export function showFact(name: string, text: string): void {
  for (const element of document.querySelectorAll(`[data-fact="${name}"]`)) element.textContent = text
}
