import { defineConfig } from 'vitest/config';

const conditions = ['@xray/source', 'module', 'node', 'development|production'];

export default defineConfig({
  // Packages resolve to their TypeScript sources, so tests need no build (only the wasm kernels are compiled first).
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'tests/src/**/*.test.ts', '{bench,research}/src/**/*.test.ts'],
    environment: 'node',
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
