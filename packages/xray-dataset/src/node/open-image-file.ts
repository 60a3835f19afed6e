import type { Sample } from 'xray-core';
import type { OpenedImage } from '../audit/audit-dataset.js';
import { type DecodeOptions, decodeImageFile } from './decode-image-file.js';
import { readImageFile } from './read-image-file.js';

/**
 * `open` of `auditDataset` for samples whose `source` is a file; see `decodeImageFile` for the formats.
 *
 * @throws {FileError} If the file is missing or empty; `decode` throws it if it is no image, truncated or corrupt.
 */
export async function openImageFile(
  { source }: Sample,
  options: Omit<DecodeOptions, 'rule'> = {},
): Promise<OpenedImage> {
  return { bytes: await readImageFile(source), decode: () => decodeImageFile(source, options) };
}
