// Rules for bugs, checked with types. Layout is Prettier's; who may import whom is spec/house.spec.ts's.
import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

export default defineConfig(
  globalIgnores(['dist/', 'coverage/']),
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      // Messages quote numbers and booleans all the time.
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      // `() => subscriber.next(x)` is the shape of most callbacks here.
      // `return this.#closeLane(id)` ends a case or a guard in one line.
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      // Arrays are indexed by positions that are known to be there.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // `while (true)` with a return inside is the plain way to drain an inbox.
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      // As in TypeScript itself: an underscore says that a name is there for its place only.
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_' },
      ],
      // Every kind of a tagged union is handled, so that a new one is noticed everywhere.
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      // A library does not write to its user's console.
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  {
    files: ['spec/**'],
    rules: {
      // Functions under test are async to be so, not because they wait.
      '@typescript-eslint/require-await': 'off',
      // Specs do nothing on purpose.
      '@typescript-eslint/no-empty-function': 'off',
      // Users throw and reject with anything, so specs do too.
      '@typescript-eslint/only-throw-error': 'off',
      '@typescript-eslint/prefer-promise-reject-errors': 'off',
    },
  },
  {
    // CommonJS has no other way to import.
    files: ['**/*.cjs'],
    languageOptions: { sourceType: 'commonjs' },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  {
    // Programs, with a console of their own.
    files: ['examples/**', 'spec/bench/**', 'spec/support/{simulation,mutations}/main.ts'],
    rules: { 'no-console': 'off' },
  },
);
