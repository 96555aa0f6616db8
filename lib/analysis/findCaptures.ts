/** Finds what a function uses of its surroundings, which its source does not bring along. */
import type { Identifier, PrivateIdentifier } from 'acorn';
import { analyze, type Reference, type Scope } from 'eslint-scope';
import type { Program as EstreeProgram } from 'estree';
import { parseFunction, type ParsedFunction } from './parseFunction.js';
import { isPlatformGlobal } from './platformGlobals.js';
import { findSurroundings } from './findSurroundings.js';
import { shadowedGlobals } from './shadowedGlobals.js';
import { walk, type AnyNode } from './walk.js';

/** Something of a function's surroundings, where it is first used. */
export interface Captured {
  /** As it is written: `factor`, `this`, `#secret`, `import('./x.js')`. */
  readonly name: string;
  /** Offset in the function's source. */
  readonly start: number;
  readonly end: number;
  /** It is called or made an instance of: a function or a class, which cannot be cloned. */
  readonly isCalled: boolean;
  /** The property of it that is used: `read` in `fs.read(path)`. */
  readonly member: string | undefined;
  /** It is called as `(0, x.member)(...)`, which only compilers write: for what was imported. */
  readonly isDetached: boolean;
}

export interface Analysis {
  readonly captures: readonly Captured[];
  /**
   * The source as it can travel: of the same length, with a plain name for a method whose own name is
   * computed or private.
   */
  readonly source: string;
  /** The name of the first parameter, if it has one. */
  readonly parameter: string | undefined;
}

/**
 * What is named in a `typeof` is left out, since the function asks for it first; and so is what stands
 * in a `with`, which may be a property.
 *
 * @param fn the function itself, where it is to be asked whether a global is one
 * @returns undefined where the source cannot be understood
 */
export function analyse(source: string, fn?: object): Analysis | undefined {
  const parsed = parseFunction(source);
  if (!parsed) return undefined;
  const { shift, node, key } = parsed;
  const inKey = ({ start, end }: AnyNode): boolean =>
    key !== undefined && start >= key.start && end <= key.end;
  const found = [...freeVariables(parsed, fn), ...findSurroundings(node)].filter(
    (one) => !inKey(one.node),
  );
  const first = new Map<string, Captured>();
  for (const { node, parent, name } of found.sort((a, b) => a.node.start - b.node.start)) {
    if (first.has(name)) continue;
    first.set(name, {
      name,
      start: node.start - shift,
      end: node.end - shift,
      ...usage(node, parent),
      isDetached: /\(\s*0\s*,\s*$/.test(source.slice(0, node.start - shift).slice(-20)),
    });
  }
  return {
    captures: [...first.values()],
    source: withPlainKey(source, parsed),
    parameter: parameterOf(parsed),
  };
}

function parameterOf({ node }: ParsedFunction): string | undefined {
  const first = node.type === 'ClassExpression' ? undefined : node.params[0];
  return first?.type === 'Identifier' ? first.name : undefined;
}

/** A node of the surroundings, and the node that it is used in. */
export interface Found {
  readonly name: string;
  readonly node: AnyNode;
  readonly parent: AnyNode | undefined;
}

function freeVariables({ program, node }: ParsedFunction, fn?: object): Found[] {
  const scopes = analyze(program as unknown as EstreeProgram, {
    ecmaVersion: 2026,
    sourceType: 'script',
    ignoreEval: true,
    // estraverse, which eslint-scope asks for these, does not know them all.
    childVisitorKeys: { ImportExpression: ['source', 'options'], StaticBlock: ['body'] },
    fallback: 'iteration',
  });
  const free = new Set<unknown>();
  for (const reference of scopes.scopes.flatMap(({ references }) => references)) {
    if (isFree(reference, node) && !isInWith(reference.from)) free.add(reference.identifier);
  }
  const found: Found[] = [];
  const guarded = new Set<string>();
  walk(node, (one, parent) => {
    if (!free.has(one)) return;
    const { name } = one as Identifier;
    if (parent?.type === 'UnaryExpression' && parent.operator === 'typeof') guarded.add(name);
    found.push({ name, node: one, parent });
  });
  const unguarded = found.filter(({ name }) => !guarded.has(name));
  const globals = unguarded.map(({ name }) => name).filter(isPlatformGlobal);
  const shadowed = fn ? shadowedGlobals(fn, globals) : new Set<string>();
  return unguarded.filter(({ name }) => !isPlatformGlobal(name) || shadowed.has(name));
}

function isFree({ resolved, identifier }: Reference, { start, end }: AnyNode): boolean {
  if (!resolved) return identifier.name !== '__name';
  // Declared around the function, as the `arguments` of the one that it was wrapped in.
  const { range } = resolved.scope.block;
  return range![0] < start || range![1] > end;
}

function isInWith(scope: Scope | null): boolean {
  for (let one = scope; one; one = one.upper) if (one.type === 'with') return true;
  return false;
}

function usage(node: AnyNode, parent: AnyNode | undefined): Pick<Captured, 'isCalled' | 'member'> {
  switch (parent?.type) {
    case 'CallExpression':
    case 'NewExpression':
      return { isCalled: parent.callee === node, member: undefined };
    case 'TaggedTemplateExpression':
      return { isCalled: parent.tag === node, member: undefined };
    case 'BinaryExpression':
      return {
        isCalled: parent.operator === 'instanceof' && parent.right === node,
        member: undefined,
      };
    case 'ClassDeclaration':
    case 'ClassExpression':
      return { isCalled: parent.superClass === node, member: undefined };
    case 'MemberExpression': {
      const isNamed = parent.object === node && !parent.computed;
      const property = parent.property as Identifier | PrivateIdentifier;
      const prefix = property.type === 'PrivateIdentifier' ? '#' : '';
      return { isCalled: false, member: isNamed ? prefix + property.name : undefined };
    }
    default:
      return { isCalled: false, member: undefined };
  }
}

function withPlainKey(source: string, { key, shift }: ParsedFunction): string {
  if (!key || key.isPlain) return source;
  const [start, end] = [key.start - shift, key.end - shift];
  // Of the same length and as many lines, so that positions in it stay true.
  const plain = source.slice(start + 1, end).replace(/[^\n]/g, ' ');
  return `${source.slice(0, start)}m${plain}${source.slice(end)}`;
}
