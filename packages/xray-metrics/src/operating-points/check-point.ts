import { InvalidArgumentError } from 'xray-core';

/** @internal Rejects points whose sensitivity or specificity is no share. */
export function checkPoint(point: {
  readonly sensitivity: number | null;
  readonly specificity: number | null;
}): { sensitivity: number; specificity: number } {
  const { sensitivity, specificity } = point;
  for (const [argument, received] of Object.entries({ sensitivity, specificity })) {
    if (received !== null && received >= 0 && received <= 1) continue;
    throw new InvalidArgumentError({
      argument: `point.${argument}`,
      expected: 'a number in [0, 1]',
      received,
      fix: received === null ? 'It is undefined without images of both classes.' : 'Write 90 % as 0.9.',
    });
  }
  return { sensitivity: sensitivity!, specificity: specificity! };
}
