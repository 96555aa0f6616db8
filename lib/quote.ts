/** What belongs to the user, as a part of our messages: values, and what was thrown. */

/** What was thrown, as a part of a sentence without its full stop. */
export function describeThrown(thrown: unknown): string {
  if (thrown instanceof Error) return nameAndMessage(thrown);
  return `${quote(thrown)} was thrown (not an Error)`;
}

/**
 * Longest part of another error's message that ours quotes, in characters: a compiler's complaint fits,
 * a whole document does not. The error itself, our `cause`, has all of it.
 */
const LONGEST_QUOTED_MESSAGE = 2000;

/** Without the full stop that a message may end with, since the sentence goes on. */
export function nameAndMessage({ name, message }: Error): string {
  if (!message) return name;
  const rest = message.length - LONGEST_QUOTED_MESSAGE;
  return rest > 0
    ? `${name}: ${message.slice(0, LONGEST_QUOTED_MESSAGE)}… (${rest} more characters in cause.message)`
    : `${name}: ${message.replace(/\.+$/, '')}`;
}

/** The message of an error, or the text of whatever else was thrown; never throws itself. */
export function messageOf(thrown: unknown): string {
  try {
    return thrown instanceof Error ? thrown.message : String(thrown);
  } catch {
    return 'it throws when it is read';
  }
}

/** The value as a reader would write it, short enough for a message. */
export function quote(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(shorten(value));
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return `function ${nameOfFunction(value) || '(anonymous)'}`;
  if (typeof value === 'object' && value !== null) return `an object (${tagOf(value)})`;
  return String(value);
}

/** Empty where there is none; never throws, though users may have made the name anything, and the function a Proxy. */
export function nameOfFunction(fn: object): string {
  try {
    const name: unknown = Object.getOwnPropertyDescriptor(fn, 'name')?.value;
    return typeof name === 'string' ? name.trim() : '';
  } catch {
    return '';
  }
}

/** What kind of object it is: `Promise`, `GeneratorFunction`; never throws. */
export function tagOf(value: object): string {
  try {
    return Array.isArray(value) ? 'Array' : Object.prototype.toString.call(value).slice(8, -1);
  } catch {
    return 'it throws when it is read';
  }
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
