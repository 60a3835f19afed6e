import type { ParsedPath } from './parse-path.js';

const MOST_LINES = 3;

/**
 * @internal What there is, in three lines at most, for errors about a structure: the folders with files, each with their number
 * and one of them.
 */
export function describeTree(files: readonly ParsedPath[]): string {
  const folders = new Map<string, ParsedPath[]>();
  for (const file of files) {
    const folder = file.folders.join('/') || '.';
    const own = folders.get(folder);
    if (own) own.push(file);
    else folders.set(folder, [file]);
  }
  const lines = [...folders].map(
    ([folder, own]) =>
      `  ${folder}/${own[0]!.fileName}${own.length > 1 ? ` and ${own.length - 1} more` : ''}`,
  );
  const more = lines.length > MOST_LINES ? `\n  and ${lines.length - MOST_LINES} more folders` : '';
  return lines.slice(0, MOST_LINES).join('\n') + more;
}
