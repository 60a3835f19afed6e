import type { ImageWarning } from 'xray-core';
import type { ReportNote } from 'xray-report';

/** Images that a note names. */
const MOST_NAMED = 20;

const KINDS: Readonly<Record<ImageWarning['kind'], string>> = {
  'not-frontal-chest': 'say that they are no frontal chest radiographs; a model knows nothing about others',
  unfamiliar: 'look unlike the images that the model was trained on; what it says of them means nothing',
  'window-ignored': 'have a display window that leaves nothing to see; the automatic one was used',
  'white-unknown':
    'are dark: they use few bits of their 16, and how many they store is not known (--bits-stored)',
};

/** What has to be said about how images were read: doubtful ones by kind, and the bits of 16-bit ones. */
export function imageNotes(
  warnings: readonly (ImageWarning & { readonly id: string })[],
  bitsStored?: number,
): ReportNote[] {
  const doubtful = Object.entries(KINDS).flatMap(([kind, text]): ReportNote[] => {
    const found = warnings.filter((warning) => warning.kind === kind);
    if (found.length === 0) return [];
    const named = found.slice(0, MOST_NAMED).map((warning) => `${warning.id}: ${warning.text}`);
    const more = found.length > MOST_NAMED ? [`and ${found.length - MOST_NAMED} more`] : [];
    return [{ kind: 'warning', text: `${found.length} images ${text}.`, details: [...named, ...more] }];
  });
  if (bitsStored === undefined) return doubtful;
  const text = `16-bit images that do not say what is white are taken to store ${bitsStored} bits (--bits-stored).`;
  return [...doubtful, { kind: 'info', text }];
}

/** Notes as lines for the terminal, with the first images of each. */
export function noteLines(notes: readonly ReportNote[]): string[] {
  return notes.map(({ text, details = [] }) => {
    const named = details.slice(0, 3).map((detail) => `\n  ${detail}`);
    const more = details.length > 3 ? `\n  … ${details.length - 3} more in the report` : '';
    return `${text}${named.join('')}${more}`;
  });
}
