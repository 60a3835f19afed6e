import type { DatasetAudit, Evaluation } from 'xray-core';

/** Anything `JSON.stringify` writes and `JSON.parse` reads back unchanged. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/**
 * Everything `createReport` shows, as plain JSON: it can be stored in a file and rendered again later. Only
 * `title` and `summary` are required; every other part adds its section.
 */
export interface ReportData {
  /** Heading of the page. */
  readonly title: string;
  /** One sentence: what was trained or evaluated, on what. */
  readonly summary: string;
  /** What the reader must know to judge the numbers, in order of importance. */
  readonly notes?: readonly ReportNote[] | undefined;
  /** The dataset and its splits. */
  readonly data?: ReportDataset | undefined;
  /** What may be wrong with the dataset. */
  readonly audit?: ReportAudit | undefined;
  /** The network. */
  readonly model?: ReportModel | undefined;
  /** What happened in each epoch. */
  readonly training?: ReportTraining | undefined;
  /** One per split; the first is the headline of the report, so put the test split first. */
  readonly evaluations?: readonly ReportEvaluation[] | undefined;
  /** Images the model got wrong, worst first. */
  readonly mistakes?: readonly ReportMistake[] | undefined;
  /** Command, seed, device, versions, data hash, duration, dates: any JSON; nested objects are flattened. */
  readonly run?: { readonly [key: string]: JsonValue } | undefined;
}

/** A remark at the top of the report. */
export interface ReportNote {
  /** `warning` for what limits the meaning of the numbers, `info` for the rest. */
  readonly kind: 'info' | 'warning';
  /** One or two sentences. */
  readonly text: string;
  /** A list that belongs to it, such as the skipped images with their reasons. Folded away when long. */
  readonly details?: readonly string[] | undefined;
}

/** The dataset: how many images of which class are on which side, and a few of them to look at. */
export interface ReportDataset {
  /** Source, licence, citation. */
  readonly description?: string | undefined;
  /** In the order of the class list; the first is the negative class. */
  readonly classNames: readonly string[];
  /** At least one, usually train, validation and test. */
  readonly splits: readonly ReportSplit[];
  /** A few images before and after resizing. */
  readonly samples?: readonly ReportSample[] | undefined;
}

/** What an audit found, and the images it is about. */
export interface ReportAudit {
  /** From `auditDataset` of `xray-dataset`. */
  readonly audit: DatasetAudit;
  /** Data URIs of thumbnails by id, for the images that `auditedImagesShown` names. */
  readonly thumbnails?: Readonly<Record<string, string>> | undefined;
}

/** One side of the dataset. */
export interface ReportSplit {
  /** For example `train`. Unique. */
  readonly name: string;
  /** `[classes]`, images of each class in the order of `classNames`. */
  readonly imageCounts: readonly number[];
  /** Patients on this side; leave it out, or pass `null`, where patients are not known. */
  readonly patientCount?: number | null | undefined;
}

/** One image before and after resizing. Pass thumbnails: the bytes end up in the page. */
export interface ReportSample {
  /** Class or finding, written under the image. */
  readonly label: string;
  /** `data:image/png;base64,…` (or jpeg, webp, gif, avif) in the original's proportions. */
  readonly before: string;
  /** The image as the model sees it, also a data URI. */
  readonly after: string;
  /** Size of the original in pixels, not of the thumbnail. */
  readonly beforeSize: readonly [height: number, width: number];
  /** Size of the model's input in pixels. */
  readonly afterSize?: readonly [height: number, width: number] | undefined;
  /** File name or id. */
  readonly name?: string | undefined;
}

/** The network as a list of layers, in the order data passes through them. */
export interface ReportModel {
  /** For example `Small CNN`. */
  readonly name: string;
  /** Architecture, source paper, where the weights come from. */
  readonly description?: string | undefined;
  /** `[height, width, channels]`; drawn as the first box unless the first layer is an `InputLayer`. */
  readonly inputShape?: readonly number[] | undefined;
  /** At least one. */
  readonly layers: readonly ReportLayer[];
}

/** One layer of the network. */
export interface ReportLayer {
  /** For example `conv2d_1`. */
  readonly name: string;
  /** Class name as TensorFlow.js has it (`layer.getClassName()`), for example `Conv2D`; picks the colour. */
  readonly type: string;
  /** As TensorFlow.js gives it: batch axis first and `null`, then for example height, width, channels. */
  readonly outputShape: readonly (number | null)[];
  /** All weights of the layer. */
  readonly parameters: number;
  /** Those that training changes: 0 when the layer is frozen. */
  readonly trainableParameters: number;
  /** A few words for the drawing, for example `32 filters 3×3, ReLU`. */
  readonly detail?: string | undefined;
  /** Consecutive layers with the same group are drawn as one box with this name, for example a frozen base. */
  readonly group?: string | undefined;
}

/** Logs of one epoch, by the names of the `epoch-end` event; `null` where a number is missing. */
export type ReportEpoch = Readonly<Record<string, number | null | undefined>>;

/** The course of the training. */
export interface ReportTraining {
  /** Optimizer, batch size, augmentation in one or two sentences. */
  readonly description?: string | undefined;
  /**
   * In order, at least one. Known names are drawn (`loss`, `val_loss`, `accuracy`, `val_accuracy`, `val_auroc`,
   * `learning_rate`), all are listed in the table but `epoch`: its rows are counted.
   */
  readonly epochs: readonly ReportEpoch[];
  /** Epoch whose weights were kept, counted from 0. */
  readonly bestEpoch?: number | undefined;
  /** Log the best epoch was chosen by, for example `val_loss`. */
  readonly monitor?: string | undefined;
  /** Why it ended, as in the `train-end` event. */
  readonly stopReason?: 'completed' | 'early-stopping' | 'stopped' | undefined;
}

/** What was measured on one split. */
export interface ReportEvaluation {
  /** For example `test`. Unique. */
  readonly name: string;
  readonly evaluation: Evaluation;
  /** Points of the ROC curve from `(0, 0)` to `(1, 1)`; without them the curve is left out. */
  readonly roc?: ReportRoc | undefined;
}

/** Points of a ROC curve; both lists have the same length, at least 2, values in `[0, 1]`. */
export interface ReportRoc {
  readonly falsePositiveRate: readonly number[];
  readonly truePositiveRate: readonly number[];
}

/** An image the model got wrong. */
export interface ReportMistake {
  /** Data URI of a thumbnail. */
  readonly image: string;
  readonly trueLabel: string;
  readonly predictedLabel: string;
  /** Of the predicted class, in `[0, 1]`. */
  readonly probability: number;
  /** File name or id. */
  readonly name?: string | undefined;
}
