/** Turns a place in a script into the user's own file, line and column, through the source map if there is one. */
import { readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { isAbsolute } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { FunctionPlace, Script } from './locateFunction.js';

export interface Position {
  /** A path where it is a file, else a URL; undefined where that is not known. */
  readonly file: string | undefined;
  /** From 1, as in stack traces. */
  readonly line: number;
  readonly column: number;
  /** The text of the line. */
  readonly text: string;
  /** All that the user wrote in that file, where it was compiled: the function can have more in it. */
  readonly written?: string;
  /** What the source map says that a name was before, if it says so. */
  readonly originalName?: string | undefined;
}

const maps = new WeakMap<Script, SourceMap | undefined>();

/** @param offset in the function's source */
export function userPosition(
  place: FunctionPlace | undefined,
  source: string,
  offset: number,
): Position {
  if (!place) return { file: undefined, ...lineAt(source, offset) };
  const { script, start } = place;
  const there = lineAt(script.text, start + offset);
  return mapped(script, there) ?? { file: pathOf(script.url) || undefined, ...there };
}

interface Line {
  readonly line: number;
  readonly column: number;
  readonly text: string;
}

function lineAt(text: string, offset: number): Line {
  const before = text.slice(0, offset);
  const start = before.lastIndexOf('\n') + 1;
  const end = text.indexOf('\n', offset);
  return {
    line: before.split('\n').length,
    column: offset - start + 1,
    text: text.slice(start, end < 0 ? undefined : end).replace(/\r$/, ''),
  };
}

function mapped(script: Script, { line, column }: Line): Position | undefined {
  const map = mapOf(script);
  const entry = map?.findEntry(line - 1, column - 1);
  if (!map || !entry || !('originalSource' in entry)) return undefined;
  const { originalSource, originalLine, originalColumn } = entry;
  // Node's types do not know it.
  const { name: originalName } = entry as { readonly name?: string };
  // Many maps have no sourcesContent, whatever its type says.
  const { sources = [], sourcesContent } = map.payload as Partial<SourceMapPayload>;
  const url = resolved(originalSource, mapBase(script));
  const text = sourcesContent?.[sources.indexOf(originalSource)] ?? read(url) ?? '';
  return {
    file: pathOf(url),
    line: originalLine + 1,
    column: originalColumn + 1,
    text: (text.split('\n')[originalLine] ?? '').replace(/\r$/, ''),
    written: text,
    originalName,
  };
}

function mapOf(script: Script): SourceMap | undefined {
  if (maps.has(script)) return maps.get(script);
  const map = readMap(script);
  maps.set(script, map);
  return map;
}

function readMap(script: Script): SourceMap | undefined {
  if (script.sourceMapUrl === '') return undefined;
  try {
    const [, base64, data] = /^data:[^,]*?(;base64)?,(.*)$/s.exec(script.sourceMapUrl) ?? [];
    const json =
      data === undefined
        ? readFileSync(new URL(mapBase(script)), 'utf8')
        : base64
          ? Buffer.from(data, 'base64').toString()
          : decodeURIComponent(data);
    const payload = JSON.parse(json) as SourceMapPayload;
    const { sourceRoot, sources } = payload;
    if (!sourceRoot) return new SourceMap(payload);
    const root = sourceRoot.replace(/\/?$/, '/');
    return new SourceMap({ ...payload, sources: sources.map((one) => root + one) });
  } catch {
    return undefined;
  }
}

/** What the map's sources are relative to: the map's own URL, or that of the script it is in. */
function mapBase({ url, sourceMapUrl }: Script): string {
  return sourceMapUrl.startsWith('data:') ? url : resolved(sourceMapUrl, url);
}

function resolved(url: string, base: string): string {
  if (isAbsolute(url)) return pathToFileURL(url).href;
  return URL.canParse(url, base) ? new URL(url, base).href : url;
}

function read(url: string): string | undefined {
  try {
    return readFileSync(new URL(url), 'utf8');
  } catch {
    return undefined;
  }
}

function pathOf(url: string): string {
  return url.startsWith('file:') ? fileURLToPath(url) : url;
}
