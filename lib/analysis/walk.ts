/** Goes through the nodes of a syntax tree in the order of the source. */
import type { AnyNode as AcornNode } from 'acorn';

export type AnyNode = AcornNode;

/** @param visit told of each node and the one that it is in; what it returns is handed to its children */
export function walk<State = undefined>(
  root: AnyNode,
  visit: (node: AnyNode, parent: AnyNode | undefined, state: State) => State,
  state: State,
): void;
export function walk(
  root: AnyNode,
  visit: (node: AnyNode, parent: AnyNode | undefined) => void,
): void;
export function walk<State>(
  root: AnyNode,
  visit: (node: AnyNode, parent: AnyNode | undefined, state: State) => State,
  state?: State,
): void {
  // A list of what is to be visited rather than recursion: a long `a + b + c + ...` is a deep tree.
  const waiting = [{ node: root, parent: undefined as AnyNode | undefined, state: state as State }];
  for (let next; (next = waiting.pop());) {
    const inner = visit(next.node, next.parent, next.state);
    for (const node of childrenOf(next.node).reverse()) {
      waiting.push({ node, parent: next.node, state: inner });
    }
  }
}

function childrenOf(node: AnyNode): AnyNode[] {
  const children: AnyNode[] = [];
  for (const value of Object.values(node) as unknown[]) {
    for (const one of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (isNode(one)) children.push(one);
    }
  }
  return children;
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}
