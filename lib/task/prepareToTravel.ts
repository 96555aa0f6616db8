/** Refuses inline functions that use what is around them, before anything of a call is started. */
import { TaskCaptureError } from '../errors.js';
import { loadAnalysis } from './analysis.js';
import { isPlain } from './isPlain.js';
import type { PreparedTask } from './prepareTask.js';
import type { AnyFunction } from './task.js';

/** A service may make the same function anew for each request: sources that were looked into. */
const REMEMBERED = 1000;

/** The task as it travels, for each task and for each source that can. */
const ready = new WeakMap<PreparedTask, PreparedTask>();
const travelling = new Map<string, string>();

/**
 * @param caller the name of the public function that was called, for messages
 * @throws TaskCaptureError naming what the function captured, where, and what to do
 */
export function prepareToTravel(task: PreparedTask, caller: string): PreparedTask {
  const { source, fn } = task;
  if (source.kind !== 'inline') return task;
  const known = ready.get(task);
  if (known) return known;
  const travels = sourceThatTravels(source.source, fn!, caller);
  const prepared =
    travels === source.source ? task : { ...task, source: { ...source, source: travels } };
  ready.set(task, prepared);
  return prepared;
}

function sourceThatTravels(source: string, fn: AnyFunction, caller: string): string {
  const known = travelling.get(source);
  if (known !== undefined) return known;
  if (isPlain(source)) return source;
  const { analyse, describeCaptures } = loadAnalysis();
  const analysis = analyse(source, fn);
  if (analysis && analysis.captures.length > 0) {
    const { message, captures } = describeCaptures({ fn, source, analysis, caller });
    throw new TaskCaptureError(message, captures);
  }
  // Syntax that the analysis does not know, the worker may.
  const travels = analysis?.source ?? source;
  if (travelling.size === REMEMBERED) travelling.clear();
  travelling.set(source, travels);
  return travels;
}
