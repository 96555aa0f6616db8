/** Parses what `toString` gives for a function, whatever kind of function it is. */
import {
  parse,
  type Expression,
  type MethodDefinition,
  type Program,
  type Property,
  type PropertyDefinition,
  type SpreadElement,
  type StaticBlock,
} from 'acorn';

type FunctionNode = Extract<
  Expression,
  { type: 'ArrowFunctionExpression' | 'FunctionExpression' | 'ClassExpression' }
>;

export interface ParsedFunction {
  /** The source with what it was wrapped in. */
  readonly program: Program;
  /** Where the source begins in what was parsed. */
  readonly shift: number;
  readonly node: FunctionNode;
  /** Of a method, what stands before its parameters: `double`, `[Symbol.iterator]`, `#secret`. */
  readonly key:
    { readonly start: number; readonly end: number; readonly isPlain: boolean } | undefined;
}

type Member = Property | SpreadElement | MethodDefinition | PropertyDefinition | StaticBlock;

/**
 * Where a function may stand. In an object or a class, a method; on its own, any other. The function
 * around it takes what an arrow function uses of its surroundings: `arguments`, `new.target`.
 */
const PLACES: readonly [before: string, after: string][] = [
  ['(function () { return (', '\n) })'],
  ['({ ', '\n})'],
  ['(class { ', '\n})'],
];

/** Undefined for what acorn does not understand, such as syntax that is newer than it. */
export function parseFunction(source: string): ParsedFunction | undefined {
  for (const [before, after] of PLACES) {
    const program = tryParse(before + source + after);
    const found = program && findIn(program, before + source);
    if (found) return { program, shift: before.length, ...found };
  }
  return undefined;
}

function tryParse(text: string): Program | undefined {
  try {
    return parse(text, {
      ecmaVersion: 'latest',
      // The less strict of the two, with what only the other one allows.
      sourceType: 'script',
      allowImportExportEverywhere: true,
      allowSuperOutsideMethod: true,
      checkPrivateFields: false,
      ranges: true, // eslint-scope asks for them
    });
  } catch {
    return undefined;
  }
}

function findIn({ body }: Program, text: string): Pick<ParsedFunction, 'node' | 'key'> | undefined {
  const [statement] = body;
  if (body.length !== 1 || statement?.type !== 'ExpressionStatement') return undefined;
  const { expression } = statement;
  if (expression.type === 'ObjectExpression') return asMethod(expression.properties, text);
  if (expression.type === 'ClassExpression') return asMethod(expression.body.body, text);
  if (expression.type !== 'FunctionExpression') return undefined;
  const [returned] = expression.body.body;
  return returned?.type === 'ReturnStatement' && returned.argument
    ? asFunction(returned.argument)
    : undefined;
}

function asFunction(node: Expression): Pick<ParsedFunction, 'node' | 'key'> | undefined {
  switch (node.type) {
    case 'ArrowFunctionExpression':
    case 'FunctionExpression':
    case 'ClassExpression':
      return { node, key: undefined };
    default:
      return undefined;
  }
}

function asMethod(
  members: readonly Member[],
  text: string,
): Pick<ParsedFunction, 'node' | 'key'> | undefined {
  const [member] = members;
  if (members.length !== 1) return undefined;
  if (member?.type !== 'Property' && member?.type !== 'MethodDefinition') return undefined;
  const { key, value, computed } = member;
  if (value.type !== 'FunctionExpression') return undefined;
  // A computed key includes its brackets: up to the parameters, where the function begins.
  const { start, end } = computed
    ? { start: text.lastIndexOf('[', key.start - 1), end: value.start }
    : key;
  return {
    node: value,
    key: { start, end, isPlain: !computed && key.type !== 'PrivateIdentifier' },
  };
}
