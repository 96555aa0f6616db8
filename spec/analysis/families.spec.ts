import { familyOf } from '../../lib/analysis/families.js';
import { analyse } from '../../lib/analysis/findCaptures.js';

/** What is said of the first name that a function captures. */
function saidOf(source: string): string | undefined {
  const [captured] = analyse(source)!.captures;
  const family = familyOf(captured!);
  return family && `${family.what}. ${family.remedy}`;
}

describe('what compilers and tools put into functions is explained', () => {
  it.each([
    ['TypeScript below ES2017', '(x) => __awaiter(void 0, void 0, void 0, function* () {})'],
    ['TypeScript below ES2015', 'function (x) { return __spreadArray([], x, true) }'],
    ['TypeScript with importHelpers', '(x) => tslib_1.__awaiter(void 0)'],
    ['esbuild', '(x) => __async(this, null, function* () {})'],
    ['esbuild, the second time', '(x) => __spreadValues2({}, x)'],
    ['SWC', '(x) => _async_to_generator(function* () {})()'],
    ['SWC, told to be loose', '(o) => _object_without_properties_loose(o, ["a"])'],
    ['Babel', 'function (_x) { return _ref.apply(this, arguments) }'],
    ['Babel, for an expression with named groups', '(x) => _wrapRegExp(/(a)/, { name: 1 })'],
    ['Babel and SWC, for a template', '(x) => _templateObject()'],
    ['TypeScript, for a template', '(x) => String.raw(templateObject_1 || (templateObject_1 = 1))'],
    ['TypeScript, for an outer this', '(x) => _this.factor * x'],
  ])('%s: raise the target', (_, source) => {
    expect(saidOf(source)).toContain('"target": "ES2022" in tsconfig.json');
  });

  it.each(['__addDisposableResource', '__using', '_ts_add_disposable_resource', '_usingCtx'])(
    '`using` by %s: Node does not know it yet, so the target is not to blame',
    (helper) => {
      expect(saidOf(`(x) => ${helper}(x)`)).toMatch(/Write try .* finally .*Node 24 only/);
    },
  );

  it('istanbul: measure with V8', () => {
    expect(saidOf('(x) => { cov_2a3b4c().f[0]++; return x }')).toContain("coverageProvider: 'v8'");
  });

  it.each([
    ['Vite and Vitest', '(x) => __vite_ssr_import_0__.add(x)'],
    ['Vitest', '(x) => (0,__vi_import_0__.add)(x)'],
    ['TypeScript', '(x) => (0, math_1.add)(x)'],
    ['TypeScript, for a value', '(x) => math_1.PI'],
    ['Babel', '(x) => (0, _math.add)(x)'],
    ['esbuild', '(x) => import_math.add(x)'],
    ['webpack', '(x) => (0,_math__WEBPACK_IMPORTED_MODULE_0__.add)(x)'],
  ])('an import, by %s', (_, source) => {
    expect(saidOf(source)).toContain('an import of the file that the function is in');
  });

  it.each([
    '_jsx("p", {})',
    '(0, jsx_runtime_1.jsx)("p")',
    'React.createElement("p")',
    '_jsxDEV("p")',
  ])('JSX: %s', (code) => {
    expect(saidOf(`(x) => ${code}`)).toContain('JSX');
  });

  it.each(['require("fs")', 'module.exports'])('CommonJS: %s', (code) => {
    expect(saidOf(`(x) => ${code}`)).toContain("const fs = await import('node:fs')");
  });

  it.each([
    ['__dirname', 'Hand it over: { shared: { __dirname } }'],
    [
      'readFileSync(x)',
      "If it is Node's, import it inside the function, which then has to be async: const { readFileSync } = await import('node:fs')",
    ],
    ['createHash(x)', "await import('node:crypto')"],
    ['path.join(x)', "const path = await import('node:path')"],
    ["import('./x.js')", "new URL('./x.js', import.meta.url).href"],
    ["import('#x')", 'your package.json'],
    ['import.meta.dirname', 'shared: { url: import.meta.url }'],
    ['super.x', 'the parent of its class'],
    ['x.#secret', 'a private name'],
    ['arguments', '[...arguments]'],
    ['new.target', 'new.target !== undefined'],
  ])('%s', (code, said) => {
    expect(saidOf(`(x) => ${code}`)).toContain(said);
  });
});

describe('a name of the user’s is just that', () => {
  it.each(['factor', 'path', 'url.length', '_config.x', 'events.map(x)', 'config.path'])(
    '%s',
    (code) => {
      expect(saidOf(`(x) => ${code}`)).toBeUndefined();
    },
  );
});
