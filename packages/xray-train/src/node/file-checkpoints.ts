import { access, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { FileError } from 'xray-core';
import { readStore, type StoreKind, writeStore } from 'xray-core/node';
import type { Checkpoint, CheckpointFacts, CheckpointStore } from '../checkpoints/checkpoint.js';

const KIND: StoreKind = { kind: 'xray-checkpoint', version: 1 };

/**
 * Keeps checkpoints as `<directory>/<name>.checkpoint`: one atomic file each, verified by checksum when read.
 *
 * @throws {FileError} On writing if the folder is read-only or the disk is full (the previous checkpoint stays),
 *   on reading if a file is damaged.
 */
export function fileCheckpoints(directory: string): CheckpointStore {
  const fileOf = (name: string) => join(directory, `${name}.checkpoint`);
  return {
    async read(name) {
      const file = fileOf(name);
      try {
        await access(file);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw new FileError({ file, problem: 'could not be read', cause: error });
      }
      const { facts, blocks } = await readStore(file, KIND);
      return {
        facts: facts as CheckpointFacts,
        weights: unpack(blocks, 'weight'),
        average: unpack(blocks, 'average'),
        optimizer: unpack(blocks, 'slot'),
      };
    },
    async write(name, { facts, weights, average, optimizer }: Checkpoint) {
      const blocks = {
        ...pack(weights, 'weight'),
        ...pack(average, 'average'),
        ...pack(optimizer, 'slot'),
      };
      await writeStore(fileOf(name), KIND, { facts, blocks });
    },
    remove: (name) => rm(fileOf(name), { force: true }),
  };
}

function pack(values: readonly Float32Array[], prefix: string): Record<string, Uint8Array> {
  return Object.fromEntries(
    values.map((array, index) => [
      `${prefix}-${index}`,
      new Uint8Array(array.buffer, array.byteOffset, array.byteLength),
    ]),
  );
}

function unpack(blocks: Readonly<Record<string, Uint8Array>>, prefix: string): Float32Array[] {
  const arrays: Float32Array[] = [];
  for (let block = blocks[`${prefix}-0`]; block !== undefined; block = blocks[`${prefix}-${arrays.length}`]) {
    arrays.push(new Float32Array(block.buffer, block.byteOffset, block.byteLength / 4));
  }
  return arrays;
}
