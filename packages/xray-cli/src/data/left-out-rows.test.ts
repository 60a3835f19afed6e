import { describe, expect, it } from 'vitest';
import { leftOutRowNotes } from './left-out-rows.js';

const row = (line: number, reason: 'view' | 'uncertain') => ({
  image: `${line}.png`,
  table: 'train.csv',
  line,
  reason,
});

describe('leftOutRowNotes', () => {
  it('counts and names what a table left out, and what it does not tell of', () => {
    expect(leftOutRowNotes([row(2, 'view'), row(3, 'uncertain'), row(4, 'view')], ['z.png'])).toEqual([
      {
        kind: 'warning',
        text: 'Left out of the table: 2 images of other views, 1 with uncertain findings.',
        details: [
          '2.png (train.csv, row 2): view',
          '3.png (train.csv, row 3): uncertain',
          '4.png (train.csv, row 4): view',
        ],
      },
      {
        kind: 'warning',
        text: 'Images that no row of the table tells of were left out: 1.',
        details: ['z.png'],
      },
    ]);
    expect(leftOutRowNotes([], [])).toEqual([]);
  });

  it('names the first ones of many', () => {
    const many = Array.from({ length: 60 }, (_, at) => row(at + 2, 'view'));
    expect(leftOutRowNotes(many, [])[0]!.details).toHaveLength(51);
    expect(leftOutRowNotes(many, [])[0]!.details!.at(-1)).toBe('and 10 more');
  });
});
