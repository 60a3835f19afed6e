/** @internal Finding of images nothing is known about. */
export const UNLABELLED = 'unlabelled';
