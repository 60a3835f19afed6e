import { readFileSync } from 'node:fs';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { FileError } from 'xray-core';
import { loadKerasModel } from './load-keras-model.js';
import { readKerasWeights } from './read-keras-weights.js';

const folder = new URL('../__fixtures__/keras/', import.meta.url);
const fixture = (name: string) => new Uint8Array(readFileSync(new URL(name, folder)));
const text = (content: string) => new TextEncoder().encode(content);
const read = (bytes: Uint8Array, name = 'model.h5') => readKerasWeights({ name, bytes });

/** An HDF5 file made for the test. */
async function hdf5(write: (file: import('h5wasm').File) => void): Promise<Uint8Array> {
  const { File, ready } = await import('h5wasm');
  const { FS } = (await ready) as unknown as {
    FS: { readFile(path: string): Uint8Array; unlink(path: string): void };
  };
  const file = new File('/made.h5', 'w');
  write(file);
  file.close();
  const bytes = FS.readFile('/made.h5').slice();
  FS.unlink('/made.h5');
  return bytes;
}

const printed: string[] = [];
beforeAll(() => {
  for (const method of ['log', 'warn', 'error'] as const) {
    console[method] = (...values: unknown[]) => {
      printed.push(values.join(' '));
    };
  }
});

describe('readKerasWeights', () => {
  it.each([
    ['nothing', new Uint8Array(0), 'model.h5: is empty.'],
    ['a text', text('epoch,loss\n1,0.5\n'), 'model.h5: is no file of Keras: neither HDF5 nor a zip archive.'],
    [
      'a web page',
      text('\n<!DOCTYPE html><title>Not found</title>'),
      'model.h5: is a web page, not a file of Keras.',
    ],
    ['JSON', text('{"format":"layers-model"}'), 'model.h5: is JSON, not a file of Keras.'],
    [
      'a Git LFS pointer',
      text('version https://git-lfs.github.com/spec/v1\n'),
      'model.h5: is a pointer of Git LFS',
    ],
    ['another magic number', fixture('keras3/nested.h5').fill(0, 0, 4), 'model.h5: is no file of Keras'],
    [
      'another archive',
      text(`PK\x05\x06${'\0'.repeat(18)}`),
      'model.h5: is a zip archive of nothing, expected config.json',
    ],
  ])('says what it was given: %s', async (_, bytes, message) => {
    await expect(read(bytes)).rejects.toThrow(message);
    await expect(read(bytes)).rejects.toThrow(FileError);
  });

  it.each(['keras2/nested.h5', 'keras3/nested.h5', 'keras3/sequential.weights.h5'])(
    'notices that %s is truncated, wherever, and prints nothing',
    async (name) => {
      const bytes = fixture(name);
      for (let length = 8; length < bytes.length; length += 997) {
        const reading = read(bytes.slice(0, length));
        await expect(reading, `${length} bytes`).rejects.toThrow(
          'model.h5: is a truncated or corrupt HDF5 file.',
        );
      }
      expect(printed).toEqual([]);
    },
  );

  it('notices that a .keras file is truncated or changed', async () => {
    const bytes = fixture('keras3/sequential.keras');
    for (let length = 2; length < bytes.length; length += 997) {
      const reading = read(bytes.slice(0, length), 'model.keras');
      await expect(reading).rejects.toThrow('model.keras: is no zip archive, truncated or corrupt.');
    }
    const changed = bytes.slice();
    changed[bytes.length >> 1]! ^= 1;
    await expect(read(changed, 'model.keras')).rejects.toThrow('does not match its checksum');
  });

  it('never gives other layers or shapes when the structure of a file is damaged', async () => {
    const bytes = fixture('keras3/sequential.h5');
    const shapesOf = (layers: Awaited<ReturnType<typeof read>>) =>
      layers.map(({ layer, weights }) => [layer, weights.map(({ name, shape }) => [name, shape])]);
    const expected = shapesOf(await read(bytes));
    for (let at = 8; at < bytes.length; at += 131) {
      const changed = bytes.slice();
      changed[at]! ^= 0xff;
      const found = await read(changed).catch((error: unknown) => error);
      if (found instanceof FileError) continue;
      // The numbers themselves have no checksum in this format.
      expect(shapesOf(found as Awaited<ReturnType<typeof read>>), `byte ${at}`).toEqual(expected);
    }
  });

  it('still reads whole files after damaged ones', async () => {
    await expect(read(fixture('keras3/nested.h5').slice(0, 9000))).rejects.toThrow(FileError);
    expect((await read(fixture('keras3/nested.h5'))).map(({ layer }) => layer)).toEqual([
      ...['inner_conv', 'inner_norm', 'inner_last', 'dense', 'batch_normalization', 'probabilities'],
    ]);
  });

  it('says that an HDF5 file has no weights of Keras', async () => {
    const other = await hdf5((file) => {
      file.create_dataset({ name: 'x_train', data: Float32Array.of(1, 2) });
    });
    await expect(read(other)).rejects.toThrow('is an HDF5 file without weights of Keras; it holds x_train.');
    const empty = await hdf5((file) => {
      file.create_group('layers');
    });
    await expect(read(empty)).rejects.toThrow(
      'model.h5: has no weights. Build the model before you save it.',
    );
    const listed = await hdf5((file) => {
      file.create_attribute('layer_names', ['conv2d']);
    });
    await expect(read(listed)).rejects.toThrow('has no weights of conv2d, but lists it');
  });

  it('reads float64 as float32 and refuses other types', async () => {
    const ofType = (data: Float64Array | Int8Array) =>
      hdf5((file) => {
        file.create_group('layers').create_group('dense').create_group('vars');
        file.create_dataset({ name: 'layers/dense/vars/0', data, shape: [1, 2] });
      });
    expect(await read(await ofType(Float64Array.of(0.5, 2)))).toEqual([
      {
        layer: 'layers/dense',
        kind: 'dense',
        weights: [{ name: '0', shape: [1, 2], values: Float32Array.of(0.5, 2) }],
      },
    ]);
    await expect(read(await ofType(Int8Array.of(1, 2)))).rejects.toThrow(
      'has weights of type <b at /layers/dense/vars/0, expected float32',
    );
  });

  it('reads a weight that is a single number', async () => {
    const file = await hdf5((root) => {
      root.create_group('layers').create_group('scale').create_group('vars');
      root.create_dataset({ name: 'layers/scale/vars/0', data: 0.5, dtype: '<f', shape: [] });
    });
    const [scale] = await read(file);
    expect(scale!.weights).toEqual([{ name: '0', shape: [], values: Float32Array.of(0.5) }]);
  });

  it('reads lists of names that Keras cuts into parts', async () => {
    const file = await hdf5((root) => {
      root.create_attribute('layer_names0', ['a']);
      root.create_attribute('layer_names1', ['b']);
      for (const name of ['a', 'b']) {
        root.create_group(name).create_attribute('weight_names', [`${name}/kernel:0`]);
        root.create_group(`${name}/${name}`);
        root.create_dataset({ name: `${name}/${name}/kernel:0`, data: Float32Array.of(1) });
      }
    });
    expect((await read(file)).map(({ layer, weights }) => [layer, weights[0]!.name])).toEqual([
      ['a', 'kernel'],
      ['b', 'kernel'],
    ]);
  });
});

describe('a URL', () => {
  it('is fetched, and refused with its status', async () => {
    const { createServer } = await import('node:http');
    const server = createServer((request, response) => {
      if (request.url !== '/sequential.h5') return response.writeHead(404).end('<html>');
      return response.end(fixture('keras3/sequential.h5'));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const url = (path: string) => new URL(`http://127.0.0.1:${port}/${path}`);
    try {
      expect(await readKerasWeights(url('sequential.h5'))).toEqual(
        await read(fixture('keras3/sequential.h5')),
      );
      await expect(readKerasWeights(url('other.h5'))).rejects.toThrow(
        `http://127.0.0.1:${port}/other.h5: the server answers 404.`,
      );
      const signal = AbortSignal.abort(new Error('enough'));
      await expect(readKerasWeights(url('sequential.h5'), { signal })).rejects.toMatchObject({
        code: 'aborted',
      });
    } finally {
      server.close();
    }
    await expect(readKerasWeights(url('sequential.h5'))).rejects.toThrow('cannot be fetched');
  });
});

describe('loadKerasModel', () => {
  it('says which layers it lacks before it says that it cannot read their weights', async () => {
    const bytes = await hdf5((file) => {
      const norm = {
        class_name: 'Normalization',
        config: { name: 'normalization', trainable: true, batch_input_shape: [null, 2] },
      };
      const model = { class_name: 'Sequential', config: { name: 'net', layers: [norm] } };
      file.create_attribute('model_config', JSON.stringify(model));
      file.create_attribute('layer_names', ['normalization']);
      file.create_group('normalization').create_attribute('weight_names', ['count:0']);
      file.create_dataset({ name: 'normalization/count:0', data: Int32Array.of(7) });
    });
    const file = { name: 'net.h5', bytes };
    await expect(loadKerasModel(file)).rejects.toThrow('- normalization: unknown class Normalization');
    await expect(readKerasWeights(file)).rejects.toThrow('has weights of type <i at /normalization/count:0');
  });

  it('reads sequential models of Keras before 2.2.3, a list of layers', async () => {
    const bytes = await hdf5((file) => {
      const config = { name: 'dense_1', units: 2, activation: 'linear', batch_input_shape: [null, 3] };
      const model = { class_name: 'Sequential', config: [{ class_name: 'Dense', config }] };
      file.create_attribute('model_config', JSON.stringify(model));
      const group = file.create_group('model_weights');
      group.create_attribute('layer_names', ['dense_1']);
      const layer = group.create_group('dense_1');
      layer.create_attribute('weight_names', ['dense_1/kernel:0', 'dense_1/bias:0']);
      layer.create_group('dense_1');
      layer.create_dataset({
        name: 'dense_1/kernel:0',
        data: Float32Array.of(1, 2, 3, 4, 5, 6),
        shape: [3, 2],
      });
      layer.create_dataset({ name: 'dense_1/bias:0', data: Float32Array.of(7, 8) });
    });
    const model = await loadKerasModel({ name: 'old.h5', bytes });
    const output = tf.tidy(() => (model.predict(tf.tensor2d([[1, 10, 100]])) as tf.Tensor).dataSync());
    expect([...output]).toEqual([1 + 30 + 500 + 7, 2 + 40 + 600 + 8]);
    model.dispose();
  });

  it('needs an architecture', async () => {
    const loading = loadKerasModel({ name: 'a.weights.h5', bytes: fixture('keras3/nested.weights.h5') });
    await expect(loading).rejects.toThrow('a.weights.h5: has weights alone, and no architecture.');
  });
});
