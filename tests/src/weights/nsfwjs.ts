import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { io } from '@tensorflow/tfjs-core';

/**
 * The one real pretrained InceptionV3 that npm has: inside `nsfwjs` (MIT), 299x299, five classes, quantised to uint8, its
 * files wrapped in modules of JavaScript.
 */
export function readNsfwjsInception(): io.ModelArtifacts {
  const require = createRequire(import.meta.url);
  const folder = join(dirname(require.resolve('nsfwjs/models/inception_v3')), '../../models/inception_v3');
  const read = (name: string) => {
    const exported = require(join(folder, `${name}.min.js`));
    return exported.default ?? exported;
  };
  const { modelTopology, weightsManifest } = read('model') as io.ModelJSON;
  const parts = weightsManifest
    .flatMap(({ paths }) => paths)
    .map((path) => Buffer.from(read(path) as string, 'base64'));
  return {
    modelTopology,
    weightSpecs: weightsManifest.flatMap(({ weights }) => weights),
    weightData: Uint8Array.from(Buffer.concat(parts)).buffer,
  };
}
