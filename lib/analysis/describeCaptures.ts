/** Says what a function captured, where, and what to do: in the user's own names. */
import { familyOf, unwritten, type Family } from './families.js';
import type { Analysis, Captured } from './findCaptures.js';
import { locateFunction } from './locateFunction.js';
import { wayTo } from './partsOfNode.js';
import { isPlatformGlobal } from './platformGlobals.js';
import { snippets } from './snippets.js';
import { userPosition, type Position } from './userPosition.js';

/** A captured name and its place, as the error tells them. */
export interface PlacedCapture {
  readonly name: string;
  readonly line: number;
  readonly column: number;
  readonly file?: string;
}

export interface Described {
  readonly message: string;
  readonly captures: readonly PlacedCapture[];
}

export interface Subject {
  readonly fn: object;
  readonly source: string;
  readonly analysis: Analysis;
  /** The public function that was called: `mapArray`. */
  readonly caller: string;
}

interface Placed {
  readonly captured: Captured;
  readonly at: Position;
  /** The name as the user wrote it: that of an import, rather than what it was compiled to. */
  readonly name: string;
  readonly family: Family | undefined;
}

export function describeCaptures({ fn, source, analysis, caller }: Subject): Described {
  const place = locateFunction(fn, source);
  if (place?.script.url.startsWith('node:')) return partOfNode(fn, caller);
  const placed = analysis.captures.map((captured): Placed => {
    const at = userPosition(place, source, captured.start);
    const family = familyOf(captured);
    const name = nameIn(at, captured, family !== undefined);
    const isWritten = !at.written || at.written.includes(name);
    return { captured, at, name, family: family ?? (isWritten ? undefined : unwritten) };
  });
  const names = placed.map(({ name, captured }) => quoted(name, captured));
  const does = names.length === 1 ? 'does' : 'do';
  const message = [
    `${caller} cannot send this function to a worker: it uses ${listed(names)}, which ${does} not travel with it. ` +
      'Only the source of a function is sent, without what is around it.',
    '',
    snippets(placed.map(({ at, name }) => ({ at, length: name.length }))),
    '',
    ...remedies(placed, { fn, analysis, caller }).map((remedy) => `- ${remedy}`),
  ].join('\n');
  const captures = placed.map(({ name, at: { line, column, file } }) => {
    return { name, line, column, ...(file !== undefined && { file }) };
  });
  return { message, captures };
}

/** Some of Node's functions have a source, which needs what is around it in Node. */
function partOfNode(fn: object, caller: string): Described {
  const way = wayTo(fn);
  const remedy = way
    ? `Call it in a function: ${way.isImported ? 'async ' : ''}(value) => ${way.code}(value)`
    : 'Make it in a function of your own, async (value) => ..., which imports what it needs: await import(...)';
  const message = `${caller} cannot send ${nameOf(fn) || 'this function'} to a worker, since it is part of the platform and has no source that could travel. ${remedy}.`;
  return { message, captures: [] };
}

/** `math_1.add` stands where the user wrote `add`, and `c` where it was `factor`. */
function nameIn(at: Position, { name, member }: Captured, isKnown: boolean): string {
  const others = [isKnown ? undefined : originalIn(at), member];
  const written = [name, ...others].find(
    (one) => one !== undefined && at.text.startsWith(one, at.column - 1),
  );
  return written ?? name;
}

/** Some compilers give a helper the name of what is next to it. */
function originalIn({ originalName }: Position): string | undefined {
  return originalName !== undefined && isPlatformGlobal(originalName) ? undefined : originalName;
}

function quoted(name: string, { name: compiled, member }: Captured): string {
  if (name === compiled) return name;
  return `${name} (compiled to ${name === member ? `${compiled}.${name}` : compiled})`;
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

function remedies(
  placed: readonly Placed[],
  { fn, analysis, caller }: Omit<Subject, 'source'>,
): string[] {
  const lines = new Map<string, string[]>();
  const add = (remedy: string, name: string): void => {
    lines.set(remedy, [...(lines.get(remedy) ?? []), name]);
  };
  const values: string[] = [];
  for (const { captured, name, family } of placed) {
    if (family) add(`${family.what}. ${family.remedy}.`, name);
    else if (captured.isCalled)
      add(
        "functions and classes cannot be handed over. Declare it inside the function, or import it there: await import('package').",
        name,
      );
    else values.push(captured.name === 'this' ? thisValue(captured) : name);
  }
  const usual = caller === 'createPool' ? 'context' : 'value';
  const [parameter, name] = [analysis.parameter ?? usual, nameFor(nameOf(fn))];
  return [
    ...Array.from(lines, ([remedy, names]) => {
      return `${listed(names)}: ${remedy}`;
    }),
    ...(values.length > 0 ? [shareValues(values, parameter, caller)] : []),
    `${lines.size + values.length === 0 ? 'Move' : 'Or move'} the function, with what it needs, into a module of its own, ` +
      `which workers import: export const ${name} = task(import.meta.url, '${name}', (${parameter}) => ...), ` +
      `and call ${callOf(caller, name)}. (In CommonJS: task(__filename, ...).)`,
  ];
}

/** `factor: this.factor`, where it is known what of `this` is wanted. */
function thisValue({ member }: Captured): string {
  return member === undefined ? 'self: this' : `${member.replace('#', '')}: this.${member}`;
}

function shareValues(values: readonly string[], parameter: string, caller: string): string {
  const names = values.map((value) => value.split(':')[0]!);
  const uses = names.map((name) => `shared.${name}`).join(' ... ');
  const object = `{ ${values.join(', ')} }`;
  if (caller.endsWith('.run')) {
    if (names.includes(parameter)) parameter = parameter === 'value' ? 'element' : 'value';
    return `Hand values (data, not functions) over as one: ${caller}(({ ${parameter}, ${names.join(', ')} }) => ..., { ${parameter}, ${values.join(', ')} }).`;
  }
  if (caller === 'createPool') {
    return `Hand values (data, not functions) over: ${caller}({ initializer: ({ shared }) => ... ${uses} ..., shared: ${object} }).`;
  }
  return `Hand values (data, not functions) over: ${callOf(caller, `(${parameter}, _index, { shared }) => ... ${uses} ...`, `{ shared: ${object} }`)}.`;
}

/** The call as the user would write it. */
function callOf(caller: string, fn: string, options?: string): string {
  const rest = options === undefined ? fn : `${fn}, ${options}`;
  if (caller.endsWith('.run')) return `${caller}(${fn}, value)`;
  if (caller === 'createPool') return `${caller}({ initializer: ${fn} })`;
  if (caller.endsWith('mapArray')) return `${caller}(values, ${rest})`;
  if (caller.endsWith('mapStream')) return `${caller}(source, ${rest})`;
  return `${caller}(${rest})`;
}

/** Users may have made it anything, also a getter that throws. */
function nameOf(fn: object): string {
  const name: unknown = Object.getOwnPropertyDescriptor(fn, 'name')?.value;
  return typeof name === 'string' ? name : '';
}

function nameFor(name: string): string {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) ? name : 'work';
}
