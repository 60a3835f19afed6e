import { extname } from 'node:path/posix';
import type { LeftOutFile } from 'xray-dataset';
import type { ReportNote } from 'xray-report';

/** Files that a note names. */
const MOST_NAMED = 50;

/** What was left out of a dataset folder, a sentence for each reason; nothing goes without one. */
export function leftOutNotes(leftOut: readonly LeftOutFile[]): ReportNote[] {
  const of = (...reasons: LeftOutFile['reason'][]) =>
    leftOut.filter(({ reason }) => reasons.includes(reason));
  const note = (
    kind: ReportNote['kind'],
    files: readonly LeftOutFile[],
    textOf: (count: string) => string,
    isNamed = false,
  ): ReportNote[] => {
    if (files.length === 0) return [];
    const names = files.slice(0, MOST_NAMED).map(({ path }) => path);
    const more = files.length > MOST_NAMED ? [`and ${files.length - MOST_NAMED} more`] : [];
    return [{ kind, text: textOf(String(files.length)), ...(isNamed && { details: [...names, ...more] }) }];
  };
  const copies = of('second-copy');
  const masks = of('mask');
  const others = of('other-dataset');
  const views = of('view');
  const unreadable = of('unreadable-type');
  const rest = of('no-image');
  return [
    ...note(
      'info',
      copies,
      (count) => `${count} images of a second copy in ${foldersOf(copies)} were left out.`,
    ),
    ...note(
      'info',
      masks,
      (count) => `${count} masks in ${foldersOf(masks)} were left out: they are no images to classify.`,
    ),
    ...note(
      'info',
      others,
      (count) => `${count} images of another dataset in ${foldersOf(others)} were left out.`,
    ),
    ...note(
      'info',
      views,
      (count) => `${count} images that state another view were left out (--views).`,
      true,
    ),
    ...note(
      'warning',
      unreadable,
      (count) => `${count} files of a type that cannot be read were left out (${typesOf(unreadable)}).`,
      true,
    ),
    ...note(
      'info',
      rest,
      (count) => `${count} files that are no images were left out (${typesOf(rest)}).`,
      true,
    ),
    ...note('info', of('system-file'), (count) => `${count} files of operating systems were left out.`),
  ];
}

function foldersOf(files: readonly LeftOutFile[]): string {
  const folders = [...new Set(files.map(({ folder }) => folder ?? ''))];
  return folders.length > 4
    ? `${folders.slice(0, 3).join(', ')} and ${folders.length - 3} more folders`
    : folders.join(', ');
}

function typesOf(files: readonly LeftOutFile[]): string {
  const counts = new Map<string, number>();
  for (const { path } of files) {
    const type = extname(path).toLowerCase() || 'without extension';
    counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  const types = [...counts]
    .sort(([, left], [, right]) => right - left)
    .map(([type, count]) => `${count} ${type}`);
  return types.length > 6 ? `${types.slice(0, 5).join(', ')}, …` : types.join(', ');
}
