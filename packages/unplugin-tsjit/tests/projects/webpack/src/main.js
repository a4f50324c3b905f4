import { net } from './net.tsjit'

globalThis.net = net
