// Projects by what a test needs: nothing (unit), a process of its own for the emulator of CUDA's driver (emulator), a
// WebGPU device in Node (device), the driver of CUDA or its emulator (cuda), a compiler of C (c), Chromium (browser).
import { transformWithOxc } from 'vite'
import { defineConfig, type ViteUserConfig } from 'vitest/config'

const everywhere = ['packages/*/src/**', 'packages/*/tests/**', 'apps/*/**', 'examples/**', 'tests/**']
const notTests = ['**/node_modules/**', '**/dist/**', '**/tests/projects/**', '**/tests/fixtures/**']
const emulator = 'packages/runtime-cuda/tests/emulator/*.test.ts'
const special = ['**/*.device.test.ts', '**/*.browser.test.ts', '**/*.cuda.test.ts', '**/*.c.test.ts']

/** Runs `.tsjit` modules as what they also are: plain TypeScript on the eager library. */
const eager = {
  name: 'tsjit-eager',
  enforce: 'pre' as const,
  transform: {
    filter: { id: /\.tsjit$/ },
    handler: (code: string, id: string) => transformWithOxc(code, id, { lang: 'ts', sourcemap: true }),
  },
}

// Packages resolve to their sources, so that no test needs a build.
const conditions = ['tsjit-source', 'module', 'node', 'development|production', 'default']
const shared = {
  plugins: [eager],
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ['node'] } },
}

const config: ViteUserConfig = defineConfig({
  test: {
    reporters: ['default'],
    projects: [
      {
        ...shared,
        test: {
          name: 'unit',
          sequence: { groupOrder: 0 },
          include: everywhere.map((folder) => `${folder}/*.test.ts`),
          exclude: [...notTests, ...special, emulator],
          testTimeout: 20_000,
          // Files share what they import, which takes as long as most tests of a file.
          isolate: false,
          maxWorkers: '100%',
        },
      },
      {
        ...shared,
        test: {
          name: 'emulator',
          sequence: { groupOrder: 0 },
          include: [emulator],
          exclude: notTests,
          testTimeout: 20_000,
          maxWorkers: '100%',
        },
      },
      {
        ...shared,
        test: {
          name: 'device',
          sequence: { groupOrder: 1 },
          include: everywhere.map((folder) => `${folder}/*.device.test.ts`),
          exclude: notTests,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          pool: 'forks',
          maxWorkers: 1,
          fileParallelism: false,
        },
      },
      {
        ...shared,
        test: {
          name: 'cuda',
          sequence: { groupOrder: 2 },
          include: everywhere.map((folder) => `${folder}/*.cuda.test.ts`),
          exclude: notTests,
          globalSetup: ['tests/support/cuda-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'c',
          sequence: { groupOrder: 3 },
          include: everywhere.map((folder) => `${folder}/*.c.test.ts`),
          exclude: notTests,
          globalSetup: ['tests/support/cuda-setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'browser',
          sequence: { groupOrder: 4 },
          include: everywhere.map((folder) => `${folder}/*.browser.test.ts`),
          exclude: notTests,
          testTimeout: 180_000,
          hookTimeout: 180_000,
          pool: 'forks',
          maxWorkers: 1,
          fileParallelism: false,
        },
      },
    ],
  },
})

export default config
