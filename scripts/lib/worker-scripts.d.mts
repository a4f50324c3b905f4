import type { Plugin } from 'rolldown'

export declare const workerScripts: Plugin
