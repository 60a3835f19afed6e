import type { ThresholdRule } from 'xray-core';
import { z } from 'zod';
import { AUGMENTATION_NAMES } from './augmentations.js';

const count = z.number().int().positive();
const share = z.number().min(0).lt(1);
const positive = z.number().positive();

const cnn = z.strictObject({
  kind: z.literal('cnn').describe('The small CNN of the reference study'),
  filters: z.array(count).min(1).optional().describe('Filters of each block; default 32, 64, 128'),
  dropoutRate: share.optional().describe('Share of features dropped before the last layer; default 0.2'),
});

const robustCnn = z.strictObject({
  kind: z.literal('robust-cnn').describe('Small CNN with batch norm that standardizes every image'),
  filters: z.array(count).min(1).optional().describe('Filters of each block; default 32, 48, 96, 128, 192'),
  standardize: z.boolean().optional().describe('Whether images are standardized in the graph; default true'),
  dropoutRate: share.optional().describe('Share of features dropped before the last layer; default 0.3'),
});

const fineTuning = z.strictObject({
  from: z.string().min(1).describe('The last layer that stays frozen, such as mixed8'),
  epochs: count.describe('Most epochs'),
  learningRate: positive,
});

const inceptionV3 = z.strictObject({
  kind: z.literal('inception-v3').describe('Dense layers on a frozen InceptionV3'),
  weights: z
    .string()
    .min(1)
    .nullable()
    .describe('imagenet, path or URL of a file of Keras or folder of TensorFlow.js; null for random ones'),
  fineTune: fineTuning.nullable().describe('What is trained once the head is good; null for the head only'),
});

const cnnOnCnn = z.strictObject({
  kind: z.literal('cnn-on-cnn').describe('A small CNN on the frozen convolutions of another one'),
  base: z.string().min(1).nullable().describe('Run or model folder of the first one; null trains it first'),
});

const optimizer = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('adam') }),
  z.strictObject({ kind: z.literal('adamw'), weightDecay: z.number().min(0) }),
]);

const schedule = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('constant') }),
  z.strictObject({ kind: z.literal('legacy-keras-decay'), decay: positive }),
  z.strictObject({ kind: z.literal('one-cycle'), warmUpShare: z.number().gt(0).lt(1) }),
]);

const training = z.strictObject({
  epochs: count.describe('Most epochs to train'),
  batchSize: count.describe('Images per step of the optimizer'),
  microBatchSize: count.describe('Images per forward and backward pass; bounds the memory'),
  learningRate: positive.describe('At the beginning, or at the top of a cycle'),
  optimizer,
  schedule,
  classWeights: z.enum(['none', 'balanced']),
  labelSmoothing: share,
  averageWeights: z.number().gt(0).lt(1).nullable().describe('Decay of the moving average of weights'),
  clipNorm: positive.nullable().describe('Largest length of all gradients of a step'),
  patience: count.nullable().describe('Epochs without a better validation before training ends'),
  bestEpochBy: z
    .enum(['validation', 'shifts', 'last'])
    .describe(
      'Which weights are kept: of the epoch with the lowest loss on validation images, with the highest AUROC on them under medium acquisition shifts, or of the last one',
    ),
});

const thresholdRule = z.custom<ThresholdRule>(
  (value) =>
    typeof value === 'string' &&
    /^(half|youden|youden-under-shifts|(sensitivity|specificity)>=[\d.]+|costs=[\d.]+:[\d.]+(@[\d.]+)?)$/.test(
      value,
    ),
  'expected half, youden, youden-under-shifts, sensitivity>=<number>, specificity>=<number> or costs=<number>:<number>',
);

/** What every recipe must be; `z.toJSONSchema` makes a JSON schema of it. */
export const recipeSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'expected small letters, digits and hyphens'),
  title: z.string().min(1).describe('Title of the report'),
  summary: z.string().min(1).describe('One sentence for lists'),
  classList: z
    .strictObject({
      names: z.array(z.string().min(1)).min(2).describe('The negative class first'),
      findings: z.record(z.string(), z.string()).describe('Finding of an image → name of its class'),
    })
    .refine(
      ({ names, findings }) =>
        new Set(names).size === names.length && Object.values(findings).every((name) => names.includes(name)),
      'expected different names, and findings of these classes only',
    ),
  network: z.discriminatedUnion('kind', [cnn, robustCnn, inceptionV3, cnnOnCnn]),
  images: z.strictObject({
    size: count.describe('Height and width in pixels'),
    channels: z.union([z.literal(1), z.literal(3)]).describe('3 repeats gray images inside the graph'),
  }),
  training,
  augmentation: z.enum(AUGMENTATION_NAMES),
  calibration: z
    .enum(['none', 'temperature'])
    .describe(
      'What is built into the last layer so that probabilities mean what they say, fitted on validation',
    ),
  thresholdRule: thresholdRule.describe('How the threshold is chosen on validation'),
  shifts: z.boolean().describe('Whether the model is measured under acquisition shifts, too'),
});

/** How a network is built and trained: plain data, so that it can be kept in JSON, printed and compared. */
export type Recipe = Readonly<z.infer<typeof recipeSchema>>;

/** Whether the network trains on stored features of a frozen base, of which there can be one for each variant of an image only. */
export const trainsOnFeatures = ({ network }: Recipe) =>
  network.kind === 'inception-v3' || network.kind === 'cnn-on-cnn';
