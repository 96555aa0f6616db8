/**
 * How the specs run: in CommonJS, compiled file by file. `npm run typecheck` checks the types.
 *
 * @jest-config-loader esbuild-register
 */
import type { Config } from 'jest';

const config: Config = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/spec/**/*.spec.ts'],
  // Real workers start in some specs, on machines that may be busy.
  testTimeout: 30_000,

  transform: {
    '\\.ts$': [
      'ts-jest',
      {
        transpilation: true,
        tsconfig: {
          // Functions under test travel as source text, so nothing may be lowered to a helper.
          target: 'ES2022',
          module: 'CommonJS',
          esModuleInterop: true,
          isolatedModules: true,
          // TypeScript 6 asks for it where ts-jest sets `outDir`.
          rootDir: '.',
        },
      },
    ],
  },

  moduleNameMapper: {
    // First, because the first match wins: this file uses `import.meta`, which CommonJS has not.
    '/builtFiles\\.js$': '<rootDir>/spec/support/builtFiles.ts',
    // Our imports say `.js` and mean the `.ts` beside them; packages mean a `.js` that is there.
    '^(\\.{1,2}/.+)\\.js$': ['$1.js', '$1.ts'],
  },

  // What is built may be required by a spec, but is neither searched nor watched.
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  watchPathIgnorePatterns: ['<rootDir>/dist/'],

  // istanbul would put counters into functions that are sent as source.
  coverageProvider: 'v8',
  collectCoverageFrom: ['lib/**/*.ts'],
};

export default config;
