// generate-operations: types for the test that imports it

/** The file that the script writes. */
export const target: string

/** Returns the text of operations.gen.ts. */
export function renderOperations(): string
