// worker: the script of every thread that this package starts
//
// Its first message says what it is there for.
import { createHelper, type HelperMail, type HelpRequest } from './threads/help.ts'
import { ownPort } from './threads/own-port.ts'
import { createServer, type ServeRequest, type ServerMail } from './threads/serve.ts'

let receive = (first: unknown): void => {
  const request = first as HelpRequest | ServeRequest
  receive = (request.role === 'help' ? createHelper(port, request) : createServer(port, request)) as typeof receive
}

const port = ownPort((message) => receive(message))

export type { HelperMail, ServerMail }
