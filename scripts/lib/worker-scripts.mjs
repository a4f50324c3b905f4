// worker-scripts: the plugin that names scripts of workers as they are called when built
//
// `new URL('./x.ts', import.meta.url)` is no import: bundlers of apps read it as it stands.

/** The plugin, for Rolldown. */
export const workerScripts = {
  name: 'worker-scripts',
  transform: {
    filter: { code: /new URL\(/ },
    handler: (code) => ({ code: code.replaceAll(/(new URL\((['"])[.\w/-]+)\.ts\2/g, '$1.js$2'), map: null }),
  },
}
