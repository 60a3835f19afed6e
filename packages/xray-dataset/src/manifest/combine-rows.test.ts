import { describe, expect, it } from 'vitest';
import { combineReaders } from './combine-rows.js';

const says = (reader: string, ...findings: string[]) => ({ reader, findings });
const findingsOf = (rows: Parameters<typeof combineReaders>[0]) =>
  (['majority', 'any', 'all'] as const).map((rule) => combineReaders(rows, rule).findings.join());

describe('combineReaders', () => {
  it.each([
    ['three who agree', [says('a', 'mass'), says('b', 'mass'), says('c', 'mass')], ['mass', 'mass', 'mass']],
    ['two of three', [says('a', 'mass'), says('b', 'mass'), says('c', 'normal')], ['mass', 'mass', '']],
    ['one of three', [says('a', 'mass'), says('b', 'normal'), says('c', 'normal')], ['normal', 'mass', '']],
    ['a tie', [says('a', 'mass'), says('b', 'normal')], ['', 'mass', '']],
    [
      'three who differ',
      [says('a', 'mass'), says('b', 'edema'), says('c', 'normal')],
      ['', 'mass,edema', ''],
    ],
    [
      'two rows of one',
      [says('a', 'mass'), says('a', 'edema'), says('b', 'mass')],
      ['mass', 'mass,edema', 'mass'],
    ],
    ['one who saw nothing', [says('a'), says('b', 'mass'), says('c', 'mass')], ['mass', 'mass', '']],
  ])('combines %s', (_, rows, expected) => {
    expect(findingsOf(rows)).toEqual(expected);
  });

  it('counts uncertain findings by the same rule, and says where nothing is agreed on', () => {
    const rows = [
      { reader: 'a', findings: [], uncertain: ['mass'] },
      { reader: 'b', findings: ['edema'], uncertain: ['mass'] },
      { reader: 'c', findings: [], uncertain: [] },
    ];
    expect(combineReaders(rows, 'majority')).toEqual({ findings: [], uncertain: ['mass'], isDisputed: true });
    expect(combineReaders(rows, 'all')).toEqual({ findings: [], uncertain: [], isDisputed: true });
    expect(combineReaders([says('a'), says('b')], 'any').isDisputed).toBe(false);
  });
});
