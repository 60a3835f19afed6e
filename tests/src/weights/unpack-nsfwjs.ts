/**
 * Writes the InceptionV3 inside nsfwjs as a folder that the programs read:
 *
 *   pnpm exec tsx --conditions=@xray/source tests/src/weights/unpack-nsfwjs.ts <folder>
 *   pnpm xray train --recipe inception-v3 --data <folder of chest X-rays> --weights <folder>
 */
import { modelFolder } from 'xray-node-gpu';
import { readNsfwjsInception } from './nsfwjs.js';

const [folder] = process.argv.slice(2);
if (!folder) throw new Error('Name a folder to create.');
await modelFolder(folder).save!(readNsfwjsInception());
console.log(`InceptionV3 of nsfwjs 4.4.0 (MIT) in ${folder}`);
