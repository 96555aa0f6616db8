/** Builds what is published: the library as ESM and CommonJS, and the files that are loaded by themselves. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

// Without tsup's `defineConfig`: its declarations import packages that are not there, and would
// need `skipLibCheck` for everything.

// Not tsup's own `clean`: the builds below run at once, and one could delete the other's files.
rmSync(new URL('dist', import.meta.url), { recursive: true, force: true });

/** What is built in, and where each says on what terms: with every copy its licence has to be. */
const LICENCES = {
  acorn: 'LICENSE',
  'eslint-scope': 'LICENSE',
  esrecurse: 'README.md',
  estraverse: 'LICENSE.BSD',
  threads: 'LICENSE',
  'is-observable': 'license',
};

mkdirSync(new URL('dist', import.meta.url));
writeFileSync(
  new URL('dist/THIRD-PARTY.txt', import.meta.url),
  Object.entries(LICENCES)
    .map(([name, file]) => {
      const text = readFileSync(new URL(`node_modules/${name}/${file}`, import.meta.url), 'utf8');
      return `# ${name}\n\n${text.slice(Math.max(0, text.indexOf('### License')))}`;
    })
    .join('\n\n'),
);

const shared = {
  outDir: 'dist',
  platform: 'node',
  target: 'node20',
  sourcemap: true,
  minify: false,
  // Would wrap functions in calls of a helper, which a function sent as source leaves behind.
  keepNames: false,
  // One file each, also where a module is imported lazily.
  splitting: false,
  external: ['rxjs', /^rxjs\//, 'threads', /^threads\//],
};

// CommonJS has no `import.meta`. tsup's `shims` would build the URL by joining strings, which is
// wrong for paths with `#`, `?` or `%`.
function defineImportMeta(
  options: { define?: Record<string, string>; banner?: Record<string, string> },
  { format }: { format: string },
): void {
  if (format !== 'cjs') return;
  options.define = { ...options.define, 'import.meta.url': '__importMetaUrl' };
  options.banner = {
    ...options.banner,
    // The directive again, because esbuild's own comes after the banner and so would be ignored.
    js: `"use strict"; const __importMetaUrl = require('node:url').pathToFileURL(__filename).href;`,
  };
}

export default [
  {
    ...shared,
    // The two public doors: the package, and its `/worker`.
    entry: { index: 'lib/index.ts', expose: 'lib/worker/expose.ts' },
    format: ['esm', 'cjs'],
    // tsup 8.5 sets `baseUrl` for its declarations, which TypeScript 6 calls deprecated.
    dts: { compilerOptions: { ignoreDeprecations: '6.0' } },
    esbuildOptions: defineImportMeta,
  },
  {
    ...shared,
    entry: { worker: 'lib/worker/main.ts' },
    // One file for both formats: a worker thread loads CommonJS whatever the main thread uses.
    format: ['cjs'],
    // A worker starts with one read, wherever the package is installed.
    external: [],
    noExternal: [/^threads/],
    dts: false,
    esbuildOptions: defineImportMeta,
  },
  {
    ...shared,
    entry: { typescriptHooks: 'lib/worker/typescript/hooks.ts' },
    format: ['esm'],
    dts: false,
  },
  {
    ...shared,
    entry: { analysis: 'lib/analysis/main.ts' },
    // One file for both formats, since it is required at once, in the middle of a call.
    format: ['cjs'],
    external: [],
    noExternal: ['acorn', 'eslint-scope'],
    // Twice as large as all the rest.
    sourcemap: false,
    dts: false,
  },
];
