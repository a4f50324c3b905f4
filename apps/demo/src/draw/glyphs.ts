// glyphs: numerals as a pen writes them
//
// Single strokes in a box of 100 × 140, in the order and direction of a hand. Drawn as SVG on the page, and walked along
// to write on the drawing area.

/** The strokes of each character, as SVG paths. */
export const glyphs: Readonly<Record<string, readonly string[]>> = {
  '0': ['M58 14C26 8 13 44 14 74C15 108 30 128 50 127C76 126 88 98 86 66C84 38 72 18 50 15'],
  '1': ['M28 40C40 34 50 24 57 12C55 52 53 90 52 128'],
  '2': ['M18 42C18 22 34 12 50 12C70 12 82 26 80 46C77 74 40 96 16 126C36 119 60 123 86 124'],
  '3': ['M20 26C34 10 78 8 78 36C78 58 54 64 42 65C58 64 84 70 84 96C84 130 36 136 16 112'],
  '4': ['M44 12C38 42 28 66 14 88C40 90 64 87 90 83', 'M66 50C67 78 65 104 62 130'],
  '5': ['M30 16C28 32 26 48 24 62C44 50 82 54 82 90C82 128 36 136 14 114', 'M30 16C46 18 64 16 80 12'],
  '6': ['M68 12C38 30 16 66 18 98C20 124 40 130 54 128C74 126 84 108 80 92C75 72 44 70 20 100'],
  '7': ['M14 20C38 22 62 20 86 14C70 46 54 86 48 130'],
  '8': ['M76 34C70 8 28 8 26 36C24 64 82 66 82 98C82 134 18 136 18 100C18 72 72 64 76 34'],
  '9': ['M80 44C78 16 28 6 20 42C14 74 64 84 80 44C80 76 76 104 62 130'],
  '+': ['M50 44C49 66 51 88 50 108', 'M16 76C38 75 62 77 84 75'],
}

const namespace = 'http://www.w3.org/2000/svg'

/** Replaces the content of an SVG by a character, which writes itself unless motion is unwanted. */
export function writeGlyph(svg: SVGElement, character: string): void {
  const strokes = glyphs[character] ?? []
  svg.replaceChildren(
    ...strokes.map((stroke, index) => {
      const path = document.createElementNS(namespace, 'path')
      path.setAttribute('d', stroke)
      path.setAttribute('pathLength', '1')
      path.style.setProperty('--order', String(index))
      return path
    }),
  )
}

/** Returns an SVG of a character, as large as its box. */
export function createGlyph(character: string): SVGElement {
  const svg = document.createElementNS(namespace, 'svg')
  svg.setAttribute('viewBox', '-6 -4 112 148')
  svg.setAttribute('class', 'glyph')
  svg.setAttribute('aria-hidden', 'true')
  writeGlyph(svg, character)
  return svg
}
