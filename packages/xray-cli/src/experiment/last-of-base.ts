/** Name of the last frozen layer of networks that stand on a base, by their kind. */
export const LAST_OF_BASE = { 'inception-v3': 'mixed10', 'cnn-on-cnn': 'block3_pool' } as const;
