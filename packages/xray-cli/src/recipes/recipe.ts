import type { ClassList, ThresholdRule } from 'xray-core';
import { z } from 'zod';
import { AUGMENTATION_NAMES, type AugmentationName } from './augmentations.js';

/** The small CNN of the reference study. */
export interface CnnNetwork {
  readonly kind: 'cnn';
  /** Filters of each block. @default [32, 64, 128] */
  readonly filters?: readonly number[] | undefined;
  /** Share of features dropped before the last layer, in `[0, 1)`. @default 0.2 */
  readonly dropoutRate?: number | undefined;
}

/** A small CNN with batch norm that standardizes every image. */
export interface RobustCnnNetwork {
  readonly kind: 'robust-cnn';
  /** Filters of each block. @default [32, 48, 96, 128, 192] */
  readonly filters?: readonly number[] | undefined;
  /** Whether images are standardized in the graph. @default true */
  readonly standardize?: boolean | undefined;
  /** Share of features dropped before the last layer, in `[0, 1)`. @default 0.3 */
  readonly dropoutRate?: number | undefined;
}

/** Dense layers on a frozen InceptionV3. */
export interface InceptionNetwork {
  readonly kind: 'inception-v3';
  /** `imagenet`, path or URL of a file of Keras or folder of TensorFlow.js; `null` for random weights. */
  readonly weights: string | null;
  /** What is trained once the head is good; `null` for the head only. */
  readonly fineTune: {
    /** The last layer that stays frozen, such as `mixed8`. */
    readonly from: string;
    readonly epochs: number;
    readonly learningRate: number;
  } | null;
}

/** A small CNN on the frozen convolutions of another one. */
export interface CnnOnCnnNetwork {
  readonly kind: 'cnn-on-cnn';
  /** Run or model folder of the first one; `null` trains it first. */
  readonly base: string | null;
}

/** How the weights are found. */
export interface RecipeTraining {
  /** Most epochs to train. */
  readonly epochs: number;
  /** Images per step of the optimizer. */
  readonly batchSize: number;
  /** Images per forward and backward pass; bounds the memory. */
  readonly microBatchSize: number;
  /** At the beginning, or at the top of a cycle. */
  readonly learningRate: number;
  readonly optimizer: { readonly kind: 'adam' } | { readonly kind: 'adamw'; readonly weightDecay: number };
  readonly schedule:
    | { readonly kind: 'constant' }
    | { readonly kind: 'legacy-keras-decay'; readonly decay: number }
    | { readonly kind: 'one-cycle'; readonly warmUpShare: number };
  readonly classWeights: 'none' | 'balanced';
  /** In `[0, 1)`. */
  readonly labelSmoothing: number;
  /** Decay of the moving average of weights, in `(0, 1)`; `null` for none. */
  readonly averageWeights: number | null;
  /** Largest length of all gradients of a step; `null` for any. */
  readonly clipNorm: number | null;
  /** Epochs without a better validation before training ends; `null` for all epochs. */
  readonly patience: number | null;
  /** Which weights are kept: of the epoch with the lowest loss on validation images, with the highest AUROC on them under medium acquisition shifts, or of the last one. */
  readonly bestEpochBy: 'validation' | 'shifts' | 'last';
}

/** How a network is built and trained: plain data, so that it can be kept in JSON, printed and compared. */
export interface Recipe {
  /** Small letters, digits and hyphens. */
  readonly name: string;
  /** Title of the report. */
  readonly title: string;
  /** One sentence for lists. */
  readonly summary: string;
  readonly classList: ClassList;
  readonly network: CnnNetwork | RobustCnnNetwork | InceptionNetwork | CnnOnCnnNetwork;
  readonly images: {
    /** Height and width in pixels. */
    readonly size: number;
    /** 3 repeats gray images inside the graph. */
    readonly channels: 1 | 3;
  };
  readonly training: RecipeTraining;
  /** Preset of `xray-augment`. */
  readonly augmentation: AugmentationName;
  /** What is built into the last layer so that probabilities mean what they say, fitted on validation. */
  readonly calibration: 'none' | 'temperature';
  /** How the threshold is chosen on validation. */
  readonly thresholdRule: ThresholdRule;
  /** Whether the model is measured under acquisition shifts, too. */
  readonly shifts: boolean;
}

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
export const recipeSchema: z.ZodType<Recipe> = z.strictObject({
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

/** Whether the network trains on stored features of a frozen base, of which there can be one for each variant of an image only. */
export const trainsOnFeatures = ({ network }: Recipe) =>
  network.kind === 'inception-v3' || network.kind === 'cnn-on-cnn';
