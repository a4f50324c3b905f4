// hmr-socket: listens to a Vite dev server as its client does
//
// Node 20 has no WebSocket; this one reads what Vite sends, text frames of any length, and sends nothing.
import { randomBytes } from 'node:crypto'
import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import type { HotPayload, ViteDevServer } from 'vite'

/** Payloads in the order of their arrival. */
export interface HmrSocket {
  /** Resolves with the first payload, from now or before, of a type; each is given once. */
  next<T extends HotPayload['type']>(type: T): Promise<Extract<HotPayload, { type: T }>>
  close(): void
}

/** Connects to a dev server that listens. */
export async function openHmrSocket(server: ViteDevServer): Promise<HmrSocket> {
  const address = server.httpServer?.address() as AddressInfo
  const socket = await upgrade(address.port, `/?token=${server.config.webSocketToken}`)
  const arrived: HotPayload[] = []
  const waiting = new Set<() => void>()
  readFrames(socket, (text) => {
    arrived.push(JSON.parse(text) as HotPayload)
    for (const check of waiting) check()
  })
  return {
    next(type) {
      return new Promise((resolve) => {
        const check = (): void => {
          const index = arrived.findIndex((payload) => payload.type === type)
          if (index < 0) return
          waiting.delete(check)
          resolve(arrived.splice(index, 1)[0] as never)
        }
        waiting.add(check)
        check()
      })
    },
    close: () => void socket.destroy(),
  }
}

function upgrade(port: number, path: string): Promise<Duplex> {
  const headers = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-protocol': 'vite-hmr',
    'sec-websocket-key': randomBytes(16).toString('base64'),
  }
  return new Promise((resolve, reject) => {
    request({ port, path, host: '127.0.0.1', headers })
      .on('upgrade', (_, socket, head) => {
        if (head.length > 0) socket.unshift(head)
        resolve(socket)
      })
      .on('response', ({ statusCode }) => reject(new Error(`no upgrade: ${statusCode}`)))
      .on('error', reject)
      .end()
  })
}

function readFrames(socket: Duplex, receive: (text: string) => void): void {
  let buffer = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    buffer = Buffer.concat([buffer, chunk])
    for (;;) {
      if (buffer.length < 4) return
      const short = (buffer[1] ?? 0) & 0x7f
      const start = short < 126 ? 2 : short === 126 ? 4 : 10
      if (buffer.length < start) return
      const length = short < 126 ? short : short === 126 ? buffer.readUInt16BE(2) : Number(buffer.readBigUInt64BE(2))
      if (buffer.length < start + length) return
      if (((buffer[0] ?? 0) & 15) === 1) receive(buffer.subarray(start, start + length).toString())
      buffer = buffer.subarray(start + length)
    }
  })
}
