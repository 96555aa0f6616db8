/** Has the stack of what an inline function threw point at the user's file. */
import { loadAnalysis } from './analysis.js';
import { defineLazily } from './defineLazily.js';
import { inlineUrl, LINES_BEFORE } from './inlineScript.js';
import type { PreparedTask } from './prepareTask.js';

/**
 * The stack is only looked into when it is read: to find a function's place takes tens of milliseconds
 * the first time, and a call with `settled` may collect thousands of failures that nobody prints.
 *
 * @returns what it was given, with its causes and the errors of an AggregateError changed as well
 */
export function withUserStack(thrown: unknown, { source, fn }: PreparedTask): unknown {
  if (source.kind !== 'inline' || !fn) return thrown;
  let url: string | undefined;
  const seen = new Set<unknown>();
  const visit = (error: unknown): void => {
    if (!(error instanceof Error) || seen.has(error)) return;
    seen.add(error);
    const { stack, cause, errors } = error as Error & { readonly errors?: unknown };
    if (stack?.includes('inline-task-')) {
      url ??= inlineUrl(source.source);
      const inline = { fn, url, linesBefore: LINES_BEFORE };
      defineLazily(error, 'stack', () => {
        try {
          return loadAnalysis().userStack(stack, inline);
        } catch {
          return stack; // The place is a service: what was thrown is told of in any case.
        }
      });
    }
    visit(cause);
    if (Array.isArray(errors)) errors.forEach(visit);
  };
  visit(thrown);
  return thrown;
}
