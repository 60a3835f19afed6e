import { expect, it } from 'vitest';
import { imageNotes, noteLines } from './image-notes.js';

it('counts and names doubtful images by kind, and says how 16-bit images were taken', () => {
  const hands = Array.from({ length: 25 }, (_, index) => ({
    ...{ id: `hand-${index}.dcm`, kind: 'not-frontal-chest' as const, text: 'says HAND' },
  }));
  const dark = { id: 'dark.png', kind: 'white-unknown' as const, text: 'uses 9 of 12 bits' };
  const notes = imageNotes([...hands, dark], 12);
  expect(notes.map(({ kind, text }) => [kind, text.split(' ').slice(0, 4).join(' ')])).toEqual([
    ['warning', '25 images say that'],
    ['warning', '1 images are dark:'],
    ['info', '16-bit images that do'],
  ]);
  expect(notes[0]!.details).toHaveLength(21);
  expect(notes[0]!.details!.at(-1)).toBe('and 5 more');
  expect(noteLines(notes)[1]).toMatch(/^1 images are dark.*\n {2}dark\.png: uses 9 of 12 bits$/);
  expect(imageNotes([])).toEqual([]);
});
