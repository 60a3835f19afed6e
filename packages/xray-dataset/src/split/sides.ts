import type { Split } from 'xray-core';

/** @internal Sides in the order they are listed in. */
export const SIDES = ['train', 'validation', 'test'] as const satisfies readonly Split[];
