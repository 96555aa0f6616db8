import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  isBeyondStripping,
  isTypeScript,
  kindOf,
} from '../../../lib/worker/typescript/moduleKind.js';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kinds '));
  for (const [name, content] of [
    ['esm', '{ "type": "module" }'],
    ['commonjs', '{ "type": "commonjs" }'],
    ['untold', '{}'],
  ] as const) {
    mkdirSync(join(folder, name, 'src'), { recursive: true });
    writeFileSync(join(folder, name, 'package.json'), content);
  }
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

it.each([
  ['a.ts', true],
  ['a.mts', true],
  ['a.cts', true],
  ['a.tsx', true],
  ['a.js', false],
  ['a.d.ts', false],
  ['a.d.mts', false],
  ['ats', false],
])('%s is TypeScript: %p', (file, expected) => {
  expect(isTypeScript(file)).toBe(expected);
});

describe('a TypeScript file is', () => {
  it.each([
    ['esm/src/a.ts', '', 'module'],
    ['commonjs/src/a.ts', 'import.meta.url', 'commonjs'],
    ['commonjs/src/a.mts', '', 'module'],
    ['esm/src/a.cts', '', 'commonjs'],
    ['untold/src/a.ts', 'export const a = 1;', 'commonjs'],
    ['untold/src/a.ts', 'export const here = import.meta.url;', 'module'],
    ['untold/src/a.ts', 'export const a = await load();', 'module'],
    ['untold/src/a.ts', 'async () => {\n  const a = await load();\n}', 'commonjs'],
  ])('%s with "%s": %s', (file, source, kind) => {
    expect(kindOf(join(folder, file), source)).toBe(kind);
  });
});

describe('beyond what Node can strip is', () => {
  it.each([
    ['an enumeration', 'esm/a.ts', 'export const enum Kind { A }'],
    ['a namespace', 'esm/a.ts', 'namespace A.B { }'],
    ['an import by require', 'commonjs/a.ts', 'import fs = require("node:fs");'],
    ['a parameter property', 'esm/a.ts', 'class A { constructor(private x: number) {} }'],
    ['a decorator', 'esm/a.ts', '@injectable()\nclass A {}'],
    ['JSX', 'esm/a.tsx', ''],
    ['a dependency', 'esm/node_modules/b/a.ts', ''],
    ['an import in CommonJS', 'commonjs/a.ts', 'import { a } from "./a";'],
    ['an import beside __filename', 'untold/a.ts', 'import { a } from "./a";\nuse(__filename);'],
  ])('%s', (_, file, source) => {
    expect(isBeyondStripping(join(folder, file), source)).toBe(true);
  });

  it.each([
    ['types', 'esm/a.ts', 'interface A { module: string }\nexport const a = (x: A): A => x;'],
    ['an import of types in CommonJS', 'commonjs/a.ts', 'import type { A } from "./a";'],
    ['an ES module that names nothing of CommonJS', 'untold/a.ts', 'import { a } from "./a.ts";'],
  ])('not %s', (_, file, source) => {
    expect(isBeyondStripping(join(folder, file), source)).toBe(false);
  });
});
