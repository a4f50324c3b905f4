// generate-types: types for the test that imports it

/** The folder of the sources. */
export const sourceFolder: string

/** Returns the text of each declaration file by name. Throws what TypeScript says where the sources are wrong. */
export function renderTypes(): ReadonlyMap<string, string>
