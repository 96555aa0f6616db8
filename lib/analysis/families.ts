/** Knows the names that are not the user's own: of compilers, test runners and module systems. */
import type { Captured } from './findCaptures.js';
import { hasFunction, partWith } from './partsOfNode.js';

/** What a captured name is, and what to do about it. */
export interface Family {
  readonly what: string;
  readonly remedy: string;
}

interface Pattern {
  readonly matches: (captured: Captured) => boolean;
  readonly what: string;
  readonly remedy: string | ((captured: Captured) => string);
}

const named =
  (pattern: RegExp) =>
  ({ name }: Captured): boolean =>
    pattern.test(name);

/** A number follows where the name was taken: `_ref2`, `__spreadArray2`. */
const oneOf = (names: string): ((captured: Captured) => boolean) =>
  named(new RegExp(`^(${names.trim().replace(/\s+/g, '|')})\\d*$`));

const RAISE_TARGET =
  "Raise the compiler's target, so that it needs no helper: \"target\": \"ES2022\" in tsconfig.json, target: 'es2022' for esbuild and SWC, targets: { node: 'current' } for Babel";

const PATTERNS: readonly Pattern[] = [
  {
    matches: named(/^(cov_\w+|__cov\w*|__coverage__|__VITEST_COVERAGE__)$/),
    what: 'a counter of the coverage tool (istanbul)',
    remedy:
      "Measure coverage without changing the code: coverageProvider: 'v8' in Jest's configuration, provider: 'v8' in Vitest's, c8 instead of nyc. Or keep the function out of it: /* istanbul ignore next */ before it",
  },
  {
    matches: oneOf(
      // TypeScript's, and tslib's
      `__awaiter __generator __spreadArray __spreadArrays __spread __assign __rest __read __values
      __await __asyncGenerator __asyncDelegator __asyncValues __makeTemplateObject __extends
      __classPrivateFieldGet __classPrivateFieldSet __classPrivateFieldIn __setFunctionName __propKey
      __runInitializers templateObject_ tslib tslib_
      __async __forAwait __yieldStar __objRest __spreadProps __spreadValues __pow __template
      __defNormalProp __publicField __privateAdd __privateGet __privateSet __privateIn __privateMethod
      __privateWrapper __superGet __superSet __superWrapper __accessCheck
      _async_to_generator _asyncToGenerator _ts_generator _ts_values regeneratorRuntime _regenerator
      _regeneratorRuntime _regeneratorAsync _async_generator _async_iterator _asyncIterator
      _async_generator_delegate _wrapAsyncGenerator _wrap_async_generator _awaitAsyncGenerator
      _await_async_generator _object_spread _objectSpread _object_spread_props _objectSpreadProps
      _object_without_properties _objectWithoutProperties _object_without_properties_loose
      _objectWithoutPropertiesLoose _excluded _object_destructuring_empty _extends
      _define_property _defineProperty _sliced_to_array _slicedToArray _to_array _toArray
      _to_consumable_array _toConsumableArray _create_for_of_iterator_helper
      _createForOfIteratorHelper _create_class _createClass _class_call_check _classCallCheck
      _call_super _callSuper _inherits _create_super _createSuper _wrap_native_super _wrapNativeSuper
      _class_private_field_get _class_private_field_set _class_private_field_init
      _class_private_method_get _classPrivateFieldGet _classPrivateFieldSet _classPrivateFieldInitSpec
      _class_private_field_loose_base _class_private_field_loose_key _classPrivateFieldLooseBase
      _classPrivateFieldLooseKey _inherits_loose _inheritsLoose _createForOfIteratorHelperLoose
      _tagged_template_literal _taggedTemplateLiteral _tagged_template_literal_loose
      _taggedTemplateLiteralLoose _templateObject _wrap_reg_exp _wrapRegExp _type_of _typeof _instanceof
      _ref`,
    ),
    what: 'a helper of the compiler, for syntax that it was told to avoid',
    remedy: RAISE_TARGET,
  },
  {
    matches: oneOf(
      `__addDisposableResource __disposeResources __using __callDispose _ts_add_disposable_resource
      _ts_dispose_resources _using_ctx _usingCtx`,
    ),
    what: 'what `using` is compiled to, which Node knows from version 24 on',
    remedy:
      'Write try { ... } finally { ... } instead. Or, if it runs on Node 24 only, raise the target: "target": "ESNext" in tsconfig.json, target: \'node24\' for esbuild',
  },
  {
    matches: oneOf('_this'),
    what: 'what `this` of the function around it is compiled to, for an old target',
    remedy: `Read what is needed of it before, and hand that over. If the function has no \`this\`: r${RAISE_TARGET.slice(1)}`,
  },
  {
    matches: named(/^(_?jsxs?|_?jsxDEV|_jsx\w*|React\d*|jsx_\w*runtime\w*)$/),
    what: 'what JSX is compiled to',
    remedy: 'JSX needs its library, which the module of a task can import',
  },
  {
    matches: named(
      /^(__(importStar|importDefault|toESM|rewriteRelativeImportExtension)\d*|__vi\w*_dynamic_import\w*|_(interop|get)_?[Rr]equire\w*)$/,
    ),
    what: 'what the compiler makes of an import()',
    remedy:
      'Have it leave import() as it is: "module": "NodeNext" in tsconfig.json, for files that stay ES modules',
  },
  {
    matches: ({ name, member, isDetached }) =>
      isDetached ||
      /^__vi(te|test)?_|^import_\w|__WEBPACK_|^__webpack_require__$/.test(name) ||
      // TypeScript's name for a module: `math_1.PI`.
      (member !== undefined && /^\w+_\d+$/.test(name)),
    what: 'an import of the file that the function is in',
    remedy:
      "Import it inside the function, if it is a part of Node or a package: const { readFile } = await import('node:fs/promises'), in an async function that the compiler leaves as it is",
  },
  {
    matches: oneOf(
      '__decorate __esDecorate __metadata __param _ts_decorate _ts_metadata _ts_param',
    ),
    what: 'a helper of the compiler, for decorators',
    remedy: 'Decorators need their helpers, which the module of a task has',
  },
  {
    matches: named(/^(__filename|__dirname)$/),
    what: 'it belongs to the CommonJS module that the function is in',
    remedy: ({ name }) => `Hand it over: { shared: { ${name} } }`,
  },
  {
    matches: named(/^(require|module|exports)$/),
    what: 'it belongs to the CommonJS module that the function is in',
    remedy:
      "Import what is needed inside the function, which then has to be async: const fs = await import('node:fs'). Where that is what you wrote, the compiler has made require of it",
  },
  {
    matches: named(/^import\.meta$/),
    what: 'it belongs to the module that the function is in',
    remedy: 'Hand the address over: { shared: { url: import.meta.url } }',
  },
  {
    matches: named(/^import\('#/),
    what: 'an import that only your package.json explains',
    remedy: "Name what it stands for, if that is a package: await import('package')",
  },
  {
    matches: named(/^import\(/),
    what: 'an import relative to the file that the function is in, which no worker knows',
    remedy: ({ name }) =>
      `Hand the full address over: { shared: { url: new URL(${name.slice('import('.length, -1)}, import.meta.url).href } }, and await import(shared.url)`,
  },
  {
    matches: named(/^super$/),
    what: 'the parent of its class',
    remedy: 'A class and its parents can be made where the module of a task imports them',
  },
  {
    matches: named(/^#/),
    what: 'a private name of its class',
    remedy: 'Read it before, and hand over the value',
  },
  {
    matches: named(/^arguments$/),
    what: 'it belongs to the function around this one',
    remedy: 'Give it a name before, and hand over the value: const args = [...arguments]',
  },
  {
    matches: named(/^new\.target$/),
    what: 'it belongs to the function around this one',
    remedy: 'Ask it before, and hand over the answer: const isNew = new.target !== undefined',
  },
  {
    matches: ({ name, member }) => member !== undefined && hasFunction(name, member),
    what: 'a part of Node that has to be imported',
    remedy: ({ name }) =>
      `Import it inside the function, which then has to be async: const ${name} = await import('node:${name}')`,
  },
  {
    matches: ({ name, isCalled }) => isCalled && partWith(name) !== undefined,
    what: 'functions and classes cannot be handed over',
    remedy: ({ name }) =>
      `If it is Node's, import it inside the function, which then has to be async: const { ${name} } = await import('node:${partWith(name)!}'). If it is your own, declare it there`,
  },
];

/** Undefined for what is just a variable. */
export function familyOf(captured: Captured): Family | undefined {
  const found = PATTERNS.find(({ matches }) => matches(captured));
  if (!found) return undefined;
  const { what, remedy } = found;
  return { what, remedy: typeof remedy === 'string' ? remedy : remedy(captured) };
}

/** What no user has written, for all that its name says. */
export const unwritten: Family = {
  what: 'the compiler has put it in',
  remedy: RAISE_TARGET,
};
