import { net } from './net.tsjit'

const out = document.querySelector('#out')
const show = async () => {
  const instance = await net.load({ target: 'eager' })
  const { y } = await instance.run({ x: new Float32Array([1, 2, 3, 4]) })
  if (out) out.textContent = JSON.stringify(await y.toArray())
}
void show()
addEventListener('tsjit:update', () => void show())
