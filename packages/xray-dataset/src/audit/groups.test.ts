import { describe, expect, it } from 'vitest';
import { Groups } from './groups.js';

describe('Groups', () => {
  it('joins in any order; the smallest member stands for a group', () => {
    const groups = new Groups(8);
    for (const [one, other] of [
      [5, 7],
      [3, 5],
      [7, 1],
      [2, 6],
    ] as const)
      groups.join(one, other);
    expect(groups.rootOf(7)).toBe(1);
    expect(groups.rootOf(4)).toBe(4);
    expect([...groups.members()]).toEqual([
      [1, [1, 3, 5, 7]],
      [2, [2, 6]],
    ]);
  });
});
