// strip-loader: TypeScript for webpack, where a test takes this package from its sources
module.exports = async function strip(code) {
  const { transformWithOxc } = await import('vite')
  return (await transformWithOxc(code, this.resourcePath, { lang: 'ts' })).code
}
