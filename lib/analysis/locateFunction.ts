/** Finds the script that a function was written in, and the function's place in it. */
import type { Runtime, Session } from 'node:inspector';
import { openSession, post } from './inspectorSession.js';

/** A file as the platform runs it, before its source map. */
export interface Script {
  /** URL or path; empty for what `eval` made. */
  readonly url: string;
  readonly sourceMapUrl: string;
  readonly text: string;
}

export interface FunctionPlace {
  readonly script: Script;
  /** Where the function's source begins in the text of the script. */
  readonly start: number;
}

interface RawLocation {
  readonly scriptId: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}

/** Scripts whose text is kept, those that were found last. */
const KEPT_SCRIPTS = 16;

/** To have a program's scripts listed takes tens of milliseconds, so it is done once for each that matters. */
const scripts = new Map<string, Script>();

/** To ask takes a millisecond, and each failure of a function may. */
const places = new WeakMap<object, FunctionPlace>();

const handle = Symbol.for('rxjs-parallel-map.function');

/**
 * Asks V8 through an inspector session of this very thread, which is closed on return: a debugger that
 * a user has attached has a session of its own.
 *
 * @returns undefined where there is no inspector, or the function is of no script that it knows
 */
export function locateFunction(fn: object, source: string): FunctionPlace | undefined {
  const known = places.get(fn);
  if (known) return known;
  try {
    const place = inSession((session) => find(session, fn, source));
    if (place) places.set(fn, place);
    return place;
  } catch {
    return undefined; // Positions are a service. What failed is told without them.
  }
}

function find(session: Session, fn: object, source: string): FunctionPlace | undefined {
  const location = rawLocation(session, fn);
  const script = location && scriptOf(session, location.scriptId);
  if (!script) return undefined;
  // V8 says where the parameters begin. The source has begun before, and contains that.
  const start = script.text.lastIndexOf(source, offsetIn(script.text, location));
  return start < 0 ? undefined : { script, start };
}

function inSession<T>(use: (session: Session) => T): T {
  const session = openSession();
  try {
    return use(session);
  } finally {
    session.disconnect();
  }
}

function rawLocation(session: Session, fn: object): RawLocation | undefined {
  const contexts: number[] = [];
  session.on('Runtime.executionContextCreated', ({ params }) => contexts.push(params.context.id));
  post(session, 'Runtime.enable');
  const global = globalThis as { [handle]?: object };
  global[handle] = fn;
  try {
    // A test environment is a context of its own, with its own global object.
    for (const contextId of contexts) {
      const expression = `globalThis[Symbol.for(${JSON.stringify(handle.description)})]`;
      const { result } = post(session, 'Runtime.evaluate', {
        expression,
        contextId,
        silent: true,
      }) as Runtime.EvaluateReturnType;
      if (result.type !== 'function') continue;
      const { internalProperties = [] } = post(session, 'Runtime.getProperties', {
        objectId: result.objectId,
        ownProperties: true,
      }) as Runtime.GetPropertiesReturnType;
      const location = internalProperties.find(({ name }) => name === '[[FunctionLocation]]');
      return location?.value?.value as RawLocation | undefined;
    }
    return undefined;
  } finally {
    Reflect.deleteProperty(global, handle);
  }
}

function scriptOf(session: Session, id: string): Script | undefined {
  const known = scripts.get(id);
  if (known) return known;
  let found: { url: string; sourceMapUrl: string } | undefined;
  session.on('Debugger.scriptParsed', ({ params }) => {
    if (params.scriptId !== id) return;
    found = { url: params.url, sourceMapUrl: params.sourceMapURL ?? '' };
  });
  post(session, 'Debugger.enable');
  if (!found) return undefined;
  const { scriptSource } = post(session, 'Debugger.getScriptSource', { scriptId: id }) as {
    scriptSource: string;
  };
  const script: Script = { ...found, text: scriptSource };
  scripts.set(id, script);
  if (scripts.size > KEPT_SCRIPTS) scripts.delete(scripts.keys().next().value!);
  return script;
}

function offsetIn(text: string, { lineNumber, columnNumber }: RawLocation): number {
  let lineStart = 0;
  for (let line = 0; line < lineNumber; line++) lineStart = text.indexOf('\n', lineStart) + 1;
  return lineStart + columnNumber;
}
