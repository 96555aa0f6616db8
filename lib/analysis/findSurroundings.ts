/** Finds what a function uses of its surroundings by other means than a variable: `this`, `super`, `#x`. */
import type { ImportExpression } from 'acorn';
import type { Found } from './findCaptures.js';
import type { ParsedFunction } from './parseFunction.js';
import { walk, type AnyNode } from './walk.js';

/** What the keywords mean at a place in the function. */
interface Place {
  /** `this` and `new.target`: those of what is around the function, its own, or those of one inside it. */
  readonly self: 'outer' | 'own' | 'inner';
  /** `super`: of the function itself, or of a class or an object inside it. */
  readonly home: 'outer' | 'inner';
  /** Private names that classes inside the function declare. */
  readonly privates: ReadonlySet<string>;
}

export function findSurroundings(root: ParsedFunction['node']): Found[] {
  const found: Found[] = [];
  const own: Found[] = [];
  const start: Place = {
    self: root.type === 'ArrowFunctionExpression' ? 'outer' : 'own',
    home: 'outer',
    privates: new Set(),
  };
  walk<Place>(
    root,
    (node, parent, around) => {
      const place = node === root ? around : placeOf(node, parent, around);
      const name = nameOf(node, place);
      if (name !== undefined) found.push({ name, node, parent });
      if (node.type === 'ThisExpression' && place.self === 'own') {
        own.push({ name: 'this', node, parent });
      }
      return place;
    },
    start,
  );
  // A worker calls it as a function, so `this.x` can only throw; but not a function that asks first
  // whether there is a `this`.
  return own.every(({ node, parent }) => isRead(node, parent)) ? [...found, ...own] : found;
}

/** What is there in a worker but undefined, or not at all. */
function nameOf(node: AnyNode, { self, home, privates }: Place): string | undefined {
  switch (node.type) {
    case 'ThisExpression':
      return self === 'outer' ? 'this' : undefined;
    case 'Super':
      return home === 'outer' ? 'super' : undefined;
    case 'MetaProperty':
      if (node.meta.name === 'import') return 'import.meta';
      return self === 'outer' ? 'new.target' : undefined;
    case 'PrivateIdentifier':
      return privates.has(node.name) ? undefined : `#${node.name}`;
    case 'ImportExpression':
      return nameOfImport(node);
    default:
      return undefined;
  }
}

/** What is relative to the function's file is not to be found from a worker's. */
function nameOfImport({ source }: ImportExpression): string | undefined {
  const specifier = source.type === 'Literal' ? source.value : undefined;
  if (typeof specifier !== 'string' || !/^(\.\.?\/|#)/.test(specifier)) return undefined;
  return `import('${specifier}')`;
}

function placeOf(node: AnyNode, parent: AnyNode | undefined, around: Place): Place {
  switch (node.type) {
    case 'ClassBody':
      return { ...around, privates: new Set([...around.privates, ...privatesOf(node)]) };
    case 'StaticBlock':
      return { ...around, self: 'inner', home: 'inner' };
    case 'FunctionDeclaration':
      return { ...around, self: 'inner' };
    case 'FunctionExpression':
      return { ...around, self: 'inner', home: isMethod(node, parent) ? 'inner' : around.home };
    default:
      return parent?.type === 'PropertyDefinition' && parent.value === node
        ? { ...around, self: 'inner', home: 'inner' }
        : around;
  }
}

function isMethod(node: AnyNode, parent: AnyNode | undefined): boolean {
  if (parent?.type === 'MethodDefinition') return parent.value === node;
  return (
    parent?.type === 'Property' &&
    parent.value === node &&
    (parent.method || parent.kind !== 'init')
  );
}

function privatesOf({ body }: Extract<AnyNode, { type: 'ClassBody' }>): string[] {
  return body.flatMap((member) =>
    'key' in member && member.key.type === 'PrivateIdentifier' ? member.key.name : [],
  );
}

/** `this.x` and `const { x } = this`, which need a `this`. */
function isRead(node: AnyNode, parent: AnyNode | undefined): boolean {
  if (parent?.type === 'MemberExpression') return parent.object === node && !parent.optional;
  return parent?.type === 'VariableDeclarator' && parent.id.type === 'ObjectPattern';
}
