/**
 * Writes a trained bundle as two TypeScript files with float16 weights, as `xray-model-pneumonia` holds it, and says what the
 * rounding of the weights changes.
 *
 *   npx -y pnpm@12.21.0 pack-model --model runs/<run> --data <folder> --output packages/xray-model-pneumonia/src/model
 *
 * Research only, not a medical device.
 */
import { join } from 'node:path';
import { Float16Array } from '@petamoriken/float16';
import * as tf from '@tensorflow/tfjs-core';
import { measureFamiliarity } from 'xray-cli';
import { DECODE_CONCURRENCY, modelFolderOf, newCommand, runOnDevice } from 'xray-cli/program';
import { sha256 } from 'xray-core';
import { writeFileAtomic } from 'xray-core/node';
import { createBatches, createPixelStore, limitPerClass } from 'xray-dataset';
import { fileDecoder, indexFolder, loadSplit } from 'xray-dataset/node';
import { type Familiarity, loadBundle, type ModelBundle } from 'xray-models';
import { modelFolder } from 'xray-node-gpu';
import { predict } from 'xray-train';

const flags = newCommand('pack-model', 'Writes a trained bundle as TypeScript with float16 weights.')
  .requiredOption('--model <folder>', 'run folder, or the model folder in it')
  .requiredOption(
    '--data <folder>',
    'labelled images on which the rounding is measured, at most 200 of each class',
  )
  .option('--split <file>', 'split.json of the run, on whose sides familiarity is fitted', 'split.json')
  .requiredOption('--output <folder>', 'where model.ts and weights.ts are written')
  .option('--notice <text>', 'what the reader must know, instead of the notice of the bundle')
  .option('--license <identifier>', 'SPDX identifier of the licence of the weights', 'Apache-2.0')
  .parse()
  .opts<{ model: string; data: string; split: string; output: string; notice?: string; license: string }>();

await runOnDevice({}, 'Nothing was written.', async ({ signal, say }) => {
  const handler = modelFolder(await modelFolderOf(flags.model));
  const artifacts = await handler.load!();
  const specs = artifacts.weightSpecs!;
  const bytes = new Uint8Array(tf.io.CompositeArrayBuffer.join(artifacts.weightData));
  const other = specs.find(({ dtype, quantization }) => dtype !== 'float32' || quantization);
  if (other) throw new Error(`Weight ${other.name} is not plain float32.`);
  const halves = Float16Array.from(new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4));
  const packed = new Uint8Array(halves.buffer);
  const metadata = artifacts.userDefinedMetadata as { xray: Record<string, unknown> };
  const { training, ...facts } = metadata.xray;
  const small = {
    ...artifacts,
    weightData: packed.buffer,
    weightSpecs: specs.map((spec) => ({
      ...spec,
      quantization: { dtype: 'float16', original_dtype: 'float32' } as const,
    })),
    userDefinedMetadata: {
      xray: {
        ...facts,
        training: recordOf(training as Record<string, unknown>),
        license: flags.license,
        ...(flags.notice === undefined ? {} : { notice: flags.notice }),
        weightsSha256: await sha256(packed),
      },
    },
  };

  const full = await loadBundle(handler);
  const rounded = await loadBundle({ load: async () => small });
  const { classList, input } = full.metadata;
  const { samples } = await indexFolder(flags.data);
  const shown = limitPerClass(samples, { classList, limit: 200, seed: 7 });
  const store = await createPixelStore(shown, {
    ...{ decode: fileDecoder({ rule: input.resize }), rule: input.resize, channels: input.channels },
    ...{ concurrency: DECODE_CONCURRENCY, signal },
  });
  const source = createBatches({ store, samples: shown, classList, batchSize: 32 });
  const [before, after] = [await predict(full.model, source), await predict(rounded.model, source)];
  const largest = before.probabilities.reduce(
    (most, value, at) => Math.max(most, Math.abs(value - after.probabilities[at]!)),
    0,
  );
  const familiarity = await familiarityOf(rounded);
  const { weightData: _, ...rest } = {
    ...small,
    userDefinedMetadata: { xray: { ...small.userDefinedMetadata.xray, familiarity } },
  };
  const write = (file: string, name: string, comment: string, text: string) =>
    writeFileAtomic(
      join(flags.output, file),
      `// Written by \`pack-model\`.\n\n/** ${comment} */\nexport const ${name}: string =\n  '${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}';\n`,
    );
  await write(
    'model.ts',
    'MODEL',
    'Topology, weight specifications and metadata, JSON.',
    JSON.stringify(rest),
  );
  await write(
    'weights.ts',
    'WEIGHTS',
    'The weights, float16, base64.',
    Buffer.from(packed).toString('base64'),
  );
  say(
    `${packed.length} bytes of weights instead of ${bytes.length}. On ${shown.length} images no probability changed by more than ${largest.toExponential(1)}.`,
  );
  for (const { model } of [full, rounded]) model.dispose();
});

/** Familiarity of the bundle, fitted on the split that it was trained on where it has none yet. */
async function familiarityOf({ model, metadata }: ModelBundle): Promise<Familiarity | undefined> {
  if (metadata.familiarity) return metadata.familiarity;
  const { classList, input } = metadata;
  const { samples } = await indexFolder(flags.data);
  const { train, validation } = await loadSplit(flags.split, samples);
  const store = await createPixelStore([...train, ...validation], {
    ...{ decode: fileDecoder({ rule: input.resize }), rule: input.resize, channels: input.channels },
    concurrency: DECODE_CONCURRENCY,
  });
  const batches = (some: typeof train, shuffle = false) =>
    createBatches({ store, samples: some, classList, batchSize: 32, shuffle, seed: 7 });
  return measureFamiliarity(model, { train: batches(train, true), validation: batches(validation) });
}

/** What made the model, without what is of one machine only. */
function recordOf({
  command,
  seed,
  epochs,
  data,
  dataSha256,
  split,
  device,
  backend,
  node,
}: Record<string, unknown>) {
  const portable = String(command)
    .replaceAll(/ --output \S+/g, '')
    .replaceAll(/ --data \S+/g, ' --data <folder>');
  return { command: portable, seed, epochs, data, dataSha256, split, device, backend, node };
}
