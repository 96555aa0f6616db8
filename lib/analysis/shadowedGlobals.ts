/** Tells a user's variable from the global of the same name, such as `crypto`: V8 knows what a function closes over. */
import type { Runtime, Session } from 'node:inspector';
import { openSession, post } from './inspectorSession.js';

/** Nobody names a variable like these. To ask V8 takes 2 ms the first time, and most functions use no others. */
const NEVER_SHADOWED = new Set(
  (
    'AggregateError Array ArrayBuffer Atomics BigInt BigInt64Array BigUint64Array Boolean Buffer DataView ' +
    'Date Error EvalError Float32Array Float64Array Function Infinity Int16Array Int32Array Int8Array ' +
    'Intl JSON Map Math NaN Number Object Promise Proxy RangeError ReferenceError Reflect RegExp Set ' +
    'SharedArrayBuffer String Symbol SyntaxError TypeError URIError Uint16Array Uint32Array Uint8Array ' +
    'Uint8ClampedArray WeakMap WeakRef WeakSet console decodeURIComponent encodeURIComponent eval ' +
    'globalThis isFinite isNaN parseFloat parseInt process undefined'
  ).split(' '),
);

const handle = Symbol.for('rxjs-parallel-map.shadowed');

/** What the inspector's side of the session can reach: the function, and what it hands back. */
interface Held {
  readonly fn: object;
  value?: unknown;
}

/**
 * @param names of globals that the function uses
 * @returns those that are variables of what is around it, and have another value than the global; none
 *   where there is no inspector
 */
export function shadowedGlobals(fn: object, names: readonly string[]): ReadonlySet<string> {
  const wanted = new Set(names.filter((name) => !NEVER_SHADOWED.has(name)));
  const shadowed = new Set<string>();
  if (wanted.size === 0) return shadowed;
  const held: Held = { fn };
  const global = globalThis as { [handle]?: Held } & Record<string, unknown>;
  global[handle] = held;
  try {
    for (const { name, value } of closureOf(held)) {
      // From the innermost scope on: what comes later is hidden by it.
      if (wanted.delete(name) && value() !== global[name]) shadowed.add(name);
    }
  } catch {
    // What V8 does not tell is taken for what it looks like.
  } finally {
    Reflect.deleteProperty(global, handle);
  }
  return shadowed;
}

interface Variable {
  readonly name: string;
  readonly value: () => unknown;
}

function* closureOf(held: Held): Generator<Variable> {
  const session = openSession();
  try {
    const fn = find(session);
    if (fn === undefined) return;
    const { internalProperties = [] } = propertiesOf(session, fn);
    const scopes = internalProperties.find(({ name }) => name === '[[Scopes]]')?.value?.objectId;
    if (scopes === undefined) return;
    for (const { value: scope } of propertiesOf(session, scopes).result) {
      if (scope?.objectId === undefined || scope.description === 'Global') continue;
      for (const { name, value } of propertiesOf(session, scope.objectId).result) {
        yield { name, value: () => read(session, held, value) };
      }
    }
  } finally {
    session.disconnect();
  }
}

const HELD = `globalThis[Symbol.for(${JSON.stringify(handle.description)})]`;

/** The function as the inspector knows it: a test environment is a context of its own, with its own global object. */
function find(session: Session): string | undefined {
  const inMain = evaluate(session);
  if (inMain !== undefined) return inMain;
  const contexts: number[] = [];
  session.on('Runtime.executionContextCreated', ({ params }) => contexts.push(params.context.id));
  post(session, 'Runtime.enable');
  for (const contextId of contexts) {
    const found = evaluate(session, contextId);
    if (found !== undefined) return found;
  }
  return undefined;
}

function evaluate(session: Session, contextId?: number): string | undefined {
  const { result } = post(session, 'Runtime.evaluate', {
    expression: `${HELD}?.fn`,
    silent: true,
    ...(contextId !== undefined && { contextId }),
  }) as Runtime.EvaluateReturnType;
  return result.objectId;
}

function propertiesOf(session: Session, objectId: string): Runtime.GetPropertiesReturnType {
  const params = { objectId, ownProperties: true };
  return post(session, 'Runtime.getProperties', params) as Runtime.GetPropertiesReturnType;
}

function read(session: Session, held: Held, value: Runtime.RemoteObject | undefined): unknown {
  if (value?.objectId === undefined) return value?.value;
  post(session, 'Runtime.callFunctionOn', {
    objectId: value.objectId,
    functionDeclaration: `function () { ${HELD}.value = this; }`,
    silent: true,
  });
  return held.value;
}
