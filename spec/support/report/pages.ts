/** Writes what programs have found out into the pages of the documents. */
import { writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';

/** The page with other text between two markers of its own, which stay. */
export function replaceBetween(
  page: string,
  { begin, end }: { readonly begin: string; readonly end: string },
  text: string,
): string {
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from === -1 || to < from) throw new Error(`The page lacks "${begin}" or "${end}"`);
  return `${page.slice(0, from)}${begin}\n\n${text}\n\n${page.slice(to)}`;
}

/** In Prettier's layout, so that what was written passes the checks. */
export async function writeFormatted(file: URL, content: string): Promise<void> {
  const config = await resolveConfig(file);
  writeFileSync(file, await format(content, { ...config, filepath: file.pathname }));
}
