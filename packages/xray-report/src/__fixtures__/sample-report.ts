import type { ClassScores, DatasetAudit, Evaluation, OperatingPoint } from 'xray-core';
import type { ReportData, ReportEpoch, ReportLayer } from '../report-data.js';

/** One gray pixel. */
export const PIXEL =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==';

const POINT: OperatingPoint = {
  threshold: 0.712,
  sensitivity: 0.9462,
  specificity: 0.8547,
  ppv: 0.9156,
  npv: 0.905,
  f1: 0.9306,
  mcc: 0.8112,
  balancedAccuracy: 0.9005,
};

/** A plausible audit with one finding of every kind. */
export function sampleAudit(): DatasetAudit {
  return {
    imageCount: 5216,
    patientCount: 3654,
    counts: [
      { split: 'train', finding: 'normal', images: 1341, patients: 1000 },
      { split: 'train', finding: 'viral', images: 1345, patients: 1090 },
      { split: null, finding: 'viral', images: 3, patients: 2 },
    ],
    sizes: {
      height: { smallest: 127, median: 888, largest: 2713 },
      width: { smallest: 384, median: 1281, largest: 2916 },
      different: 4366,
      mostCommon: [{ height: 992, width: 1336, images: 17 }],
    },
    pixelKinds: [
      { channels: 1, bits: 8, images: 4933 },
      { channels: 3, bits: 8, images: 283 },
    ],
    unreadable: [{ id: 'train/a<b>.jpeg', reason: 'is truncated' }],
    exactDuplicates: [
      { ids: ['same-1.jpeg', 'same-2.jpeg'], same: 'bytes', across: [] },
      { ids: ['side-1.jpeg', 'side-2.jpeg', 'side-3.png'], same: 'pixels', across: ['splits', 'patients'] },
    ],
    nearDuplicates: [
      { ids: ['near-1.jpeg', 'near-2.jpeg'], distance: 4, correlation: 0.9912, across: ['classes'] },
    ],
    patientsOnSeveralSides: [{ patientId: 'person7', images: { train: 2, test: 1 } }],
    suspicious: [
      { id: 'blank.png', kind: 'blank', value: 0.5 },
      { id: 'bar.png', kind: 'flatBorder', value: 0.1473 },
      { id: 'bar.png', kind: 'textBar', value: 25 },
    ],
    limits: {
      ...{ nearDistance: 8, nearCorrelation: 0.98, blank: 8, tiny: 64, elongated: 2, coloured: 0.05 },
      ...{ inverted: 0, flatBorder: 0.1, textBar: 8 },
    },
  };
}

/** A plausible evaluation with a given confusion matrix; only what follows from the matrix is consistent. */
export function sampleEvaluation(classNames: readonly string[], confusionMatrix: number[][]): Evaluation {
  const sampleCount = confusionMatrix.flat().reduce((sum, count) => sum + count, 0);
  const perClass = classNames.map((_, label): ClassScores => {
    const support = confusionMatrix[label]!.reduce((sum, count) => sum + count, 0);
    const predicted = confusionMatrix.reduce((sum, row) => sum + row[label]!, 0);
    const hits = confusionMatrix[label]![label]!;
    return {
      precision: predicted === 0 ? null : hits / predicted,
      recall: support === 0 ? null : hits / support,
      f1: support + predicted === 0 ? null : (2 * hits) / (support + predicted),
      support,
    };
  });
  const accuracy = confusionMatrix.reduce((sum, row, label) => sum + row[label]!, 0) / sampleCount;
  return {
    ...POINT,
    sampleCount,
    patientCount: 571,
    classNames,
    accuracy,
    argmaxAccuracy: accuracy,
    auroc: 0.9623,
    aurocMacro: 0.9418,
    averagePrecision: 0.9741,
    brier: 0.0884,
    logLoss: 0.4661,
    thresholdRule: 'youden',
    thresholdFrom: 'validation',
    atHalf: { ...POINT, threshold: 0.5, sensitivity: 0.9897, specificity: 0.5299, ppv: 0.7782, mcc: 0.6201 },
    confusionMatrix,
    perClass,
    macro: average(perClass, () => 1 / perClass.length),
    weighted: average(perClass, ({ support }) => support / sampleCount),
    intervals: {
      accuracy: [accuracy - 0.029, accuracy + 0.027],
      auroc: [0.9481, 0.9744],
      sensitivity: [0.9211, 0.9669],
      specificity: [0.8061, 0.8974],
      brier: [0.0741, 0.1032],
    },
    intervalMethod: 'bootstrap over patients, 2,000 draws; DeLong for the AUROC',
  };
}

function average(perClass: readonly ClassScores[], weightOf: (scores: ClassScores) => number): ClassScores {
  const mean = (metric: keyof ClassScores) =>
    perClass.reduce((sum, scores) => sum + (scores[metric] ?? 0) * weightOf(scores), 0);
  return {
    precision: mean('precision'),
    recall: mean('recall'),
    f1: mean('f1'),
    support: perClass.reduce((sum, { support }) => sum + support, 0),
  };
}

/** Two classes, 8 epochs of the small network: the form most reports have. */
export function twoClassReport(): ReportData {
  const evaluation = sampleEvaluation(
    ['normal', 'pneumonia'],
    [
      [200, 34],
      [21, 369],
    ],
  );
  return {
    title: 'Small CNN, 2 classes',
    summary: 'Trained on 4,193 chest X-rays of children and tested on 624 held-back images.',
    notes: [
      {
        kind: 'warning',
        text: 'No validation folder: 20 % of the patients in train were carved out as the validation split.',
      },
      {
        kind: 'info',
        text: '2 images were skipped.',
        details: ['train/NORMAL/IM-0001.jpeg: truncated', 'test/PNEUMONIA/.DS_Store: not an image'],
      },
    ],
    data: {
      description: 'Kermany et al., Cell 2018, doi:10.1016/j.cell.2018.02.010, CC BY 4.0.',
      classNames: ['normal', 'pneumonia'],
      splits: [
        { name: 'train', imageCounts: [1081, 3112], patientCount: 2188 },
        { name: 'validation', imageCounts: [268, 771], patientCount: 547 },
        { name: 'test', imageCounts: [234, 390], patientCount: 571 },
      ],
      samples: [
        sample('normal', 'NORMAL-1049278-0001.jpeg', [1858, 2090]),
        sample('pneumonia', 'BACTERIA-1008087-0001.jpeg', [712, 1072]),
        sample('pneumonia', 'VIRUS-1040450-0001.jpeg', [944, 1320]),
      ],
    },
    model: {
      name: 'Small CNN',
      description: 'Three blocks of convolution and pooling, as in the reference study.',
      inputShape: [224, 224, 3],
      layers: smallCnn(2),
    },
    training: {
      description: 'Adam, learning rate 1e-4, batches of 32, random horizontal flip.',
      epochs: history(8),
      bestEpoch: 4,
      monitor: 'val_loss',
      stopReason: 'early-stopping',
    },
    evaluations: [
      { name: 'test', evaluation, roc: ROC },
      {
        name: 'validation',
        evaluation: sampleEvaluation(
          ['normal', 'pneumonia'],
          [
            [255, 13],
            [16, 755],
          ],
        ),
        roc: ROC,
      },
    ],
    audit: { audit: sampleAudit(), thumbnails: { 'side-1.jpeg': PIXEL, 'blank.png': PIXEL } },
    mistakes: Array.from({ length: 6 }, (_, index) => ({
      image: PIXEL,
      trueLabel: index % 2 === 0 ? 'normal' : 'pneumonia',
      predictedLabel: index % 2 === 0 ? 'pneumonia' : 'normal',
      probability: 0.991 - index * 0.013,
      name: `person${index + 40}_virus_${index + 90}.jpeg`,
    })),
    run: {
      command: 'xray train --data ./chest_xray --classes 2 --seed 7',
      seed: 7,
      device: { backend: 'wasm', threads: 8, workers: [1, 2] },
      versions: { '@tensorflow/tfjs-core': '4.22.0', node: '22.11.0' },
      dataHash: 'sha256:4f5a1c9d27f0b4c0a7be1f6f7f0a34c1c5b1c6fba0a3b5c8b6e1d2f3a4b5c6d7',
      duration: '12 min 41 s',
      resumed: false,
    },
  };
}

/** Three classes; the counts of the reference study's test split. */
export function threeClassReport(): ReportData {
  const classNames = ['normal', 'bacterial', 'viral'];
  const report = twoClassReport();
  return {
    ...report,
    title: 'CNN on CNN, 3 classes',
    data: {
      classNames,
      splits: [
        { name: 'train', imageCounts: [1079, 2031, 1076], patientCount: null },
        { name: 'validation', imageCounts: [270, 507, 269] },
        { name: 'test', imageCounts: [234, 242, 148] },
      ],
    },
    evaluations: [
      {
        name: 'test',
        evaluation: sampleEvaluation(classNames, [
          [192, 14, 28],
          [3, 230, 9],
          [12, 35, 101],
        ]),
        roc: ROC,
      },
    ],
  };
}

/** The reference study's network for inputs of 224x224x3. */
export function smallCnn(classes: number): ReportLayer[] {
  const layer = (name: string, type: string, shape: number[], parameters = 0, detail?: string): ReportLayer => ({
    name,
    type,
    outputShape: [null, ...shape],
    parameters,
    trainableParameters: parameters,
    ...(detail === undefined ? {} : { detail }),
  });
  return [
    layer('conv2d_1', 'Conv2D', [222, 222, 32], 896, '32 filters 3×3, ReLU'),
    layer('max_pooling2d_1', 'MaxPooling2D', [111, 111, 32], 0, '2×2'),
    layer('conv2d_2', 'Conv2D', [109, 109, 64], 18_496, '64 filters 3×3, ReLU'),
    layer('max_pooling2d_2', 'MaxPooling2D', [54, 54, 64], 0, '2×2'),
    layer('conv2d_3', 'Conv2D', [52, 52, 128], 73_856, '128 filters 3×3, ReLU'),
    layer('max_pooling2d_3', 'MaxPooling2D', [26, 26, 128], 0, '2×2'),
    layer('flatten_1', 'Flatten', [86_528]),
    layer('dropout_1', 'Dropout', [86_528], 0, 'rate 0.2'),
    layer('dense_1', 'Dense', [classes], 86_528 * classes + classes, 'softmax'),
  ];
}

/** Plausible logs: training falls, validation turns after epoch 5. */
function history(epochs: number): ReportEpoch[] {
  return Array.from({ length: epochs }, (_, epoch) => ({
    loss: 0.05 + 0.5 * Math.exp(-epoch / 2.2),
    accuracy: 0.985 - 0.21 * Math.exp(-epoch / 1.8),
    val_loss: 0.14 + 0.32 * Math.exp(-epoch / 1.7) + 0.003 * epoch ** 2,
    val_accuracy: 0.955 - 0.11 * Math.exp(-epoch / 1.6) - 0.0007 * epoch ** 2,
    val_auroc: 0.985 - 0.06 * Math.exp(-epoch / 1.5),
    learning_rate: 1e-4 / (1 + 1e-5 * 131 * (epoch + 1)),
    seconds: 4.1 + (epoch % 3) * 0.2,
  }));
}

const STEPS = Array.from({ length: 101 }, (_, index) => index / 100);

/** A smooth curve through (0, 0) and (1, 1). */
export const ROC = {
  falsePositiveRate: STEPS.map((step) => step ** 3),
  truePositiveRate: STEPS.map((step) => 1 - (1 - step) ** 3.4),
};

function sample(label: string, name: string, beforeSize: readonly [number, number]) {
  return { label, name, before: PIXEL, after: PIXEL, beforeSize, afterSize: [224, 224] as const };
}
