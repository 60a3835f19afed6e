import type { Device } from 'xray-node-gpu';
import type { ExperimentPlan } from '../experiment/plan-experiment.js';

/** A plan for people. */
export function formatPlan(plan: ExperimentPlan, device: Device): string {
  const { recipe, network, splits, steps, secondsPerImage, estimatedSeconds, peakBytes } = plan;
  const rows = (['train', 'validation', 'test'] as const).map((name) => {
    const { images, patients, classes } = splits[name];
    const counts = Object.entries(classes).map(([className, count]) => `${className} ${count}`);
    const whose = patients === null ? 'patients unknown' : `${patients} patients`;
    return [name, `${images} images, ${whose}: ${counts.join(', ')}`];
  });
  return [
    ['recipe', `${recipe.name}: ${recipe.title}`],
    ['data', plan.data],
    ...rows,
    [
      'network',
      `${network.parameters.toLocaleString('en')} parameters, ${network.trainableParameters.toLocaleString('en')} of them trained`,
    ],
    [
      'training',
      `at most ${recipe.training.epochs} epochs, ${steps} steps of ${recipe.training.batchSize} images`,
    ],
    [
      'speed',
      `${(1 / secondsPerImage).toFixed(1)} images/s in one worker of ${device.workers} (${device.kind})`,
    ],
    [
      'time',
      `about ${duration(estimatedSeconds)}, decoding not counted, if no epoch is saved by stopping early`,
    ],
    ['memory', `${Math.ceil(peakBytes / 2 ** 20)} MiB of tensors in each worker`],
  ]
    .map(([name, text]) => `${name!.padEnd(10)}  ${text}`)
    .join('\n');
}

function duration(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  if (minutes < 2) return `${Math.ceil(seconds)} s`;
  return minutes < 120 ? `${minutes} minutes` : `${(seconds / 3600).toFixed(1)} hours`;
}
