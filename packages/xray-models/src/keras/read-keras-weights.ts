import { type FileBytes, fetchFile, type ReadOptions } from '../weights/file-bytes.js';
import type { LayerWeights } from '../weights/layer-weights.js';
import { readKerasFile } from './keras-file.js';

/**
 * Lists the weights in a file of Keras 2 or 3: `.h5` (a whole model or weights alone), `.keras` or `.weights.h5`. The state of an
 * optimizer in it is left out.
 *
 * @param file - Its bytes, or a URL to fetch it from; `readFileBytes(path)` of `xray-models/node` reads one from a folder.
 * @returns For `loadPretrainedWeights`.
 * @throws {FileError} If it is something else, truncated or corrupt, has no weights, or cannot be fetched.
 *
 * @example
 * loadPretrainedWeights(base, await readKerasWeights(await readFileBytes('inception_v3.h5')));
 */
export async function readKerasWeights(
  file: FileBytes | URL,
  options: ReadOptions = {},
): Promise<LayerWeights[]> {
  return (await readKerasFile(await fetchFile(file, options), () => undefined)).layers;
}
