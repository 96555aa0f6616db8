/** The script that a worker compiles an inline function from: its name, and what stands before the source. */

/** What is in lines of its own before the source, so that the source keeps its columns. */
export const LINES_BEFORE = 1;

/** Of a function's own, so that frames of several functions in one worker can be told apart. */
export function inlineUrl(source: string): string {
  let hash = 0;
  for (let i = 0; i < source.length; i++) hash = (Math.imul(hash, 31) + source.charCodeAt(i)) | 0;
  return `inline-task-${(hash >>> 0).toString(36)}.js`;
}

/** @param before the start of the first line: what opens the parentheses around the source */
export function inlineScript(source: string, before: string, after: string): string {
  return `${before}\n${source}\n${after}\n//# sourceURL=${inlineUrl(source)}`;
}
