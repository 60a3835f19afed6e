/**
 * Measures speed and memory. What is compared runs in turns in one process, so that the ratios hold on a machine whose
 * speed drifts; every section prints a table as soon as it is done.
 *
 *   npx -y pnpm@12.21.0 bench
 */
import { cpus } from 'node:os';
import { Option } from 'commander';
import { newCommand, positiveInteger, runOnDevice } from 'xray-cli/program';
import { writeFileAtomic } from 'xray-core/node';
import { createCnn } from 'xray-models';
import { physicalCores } from 'xray-node-gpu';
import { fuse } from 'xray-wasm';
import { profileKernels } from './profile-kernels.js';
import { benchAugmentation } from './sections/augmentation.js';
import { benchBatchNorm } from './sections/batch-norm.js';
import { benchCnn } from './sections/cnn.js';
import { benchDecoding } from './sections/decoding.js';
import { benchDevices } from './sections/devices.js';
import { benchFeatures } from './sections/features.js';
import { benchGrowth } from './sections/growth.js';
import { benchInceptionV3 } from './sections/inception-v3.js';
import { benchMemory } from './sections/memory.js';
import { benchMetrics } from './sections/metrics.js';
import { benchWorkers } from './sections/parallel.js';
import { formatRows } from './sections/print-rows.js';
import { benchRobust } from './sections/robust.js';
import type { BenchContext, BenchRow } from './sections/section.js';
import { measureSimdPeak } from './sections/simd-peak.js';
import { benchTables } from './sections/tables.js';
import { createWorkload } from './sections/workload.js';

const SECTIONS = {
  cnn: benchCnn,
  robust: benchRobust,
  'inception-v3': benchInceptionV3,
  'batch-norm': benchBatchNorm,
  features: benchFeatures,
  workers: benchWorkers,
  memory: benchMemory,
  growth: benchGrowth,
  decoding: benchDecoding,
  augmentation: benchAugmentation,
  tables: benchTables,
  metrics: benchMetrics,
  devices: benchDevices,
} as const satisfies Readonly<Record<string, (context: BenchContext) => Promise<BenchRow[]>>>;

type SectionName = keyof typeof SECTIONS;

const flags = newCommand('bench', 'Measures speed and memory of training and prediction.')
  .addOption(
    new Option('--only <sections...>', 'what to measure (default: all but devices)').choices(
      Object.keys(SECTIONS),
    ),
  )
  .option('--rounds <number>', 'timed rounds, after one to warm up', positiveInteger, 5)
  .option('--image-size <pixels>', 'height and width', positiveInteger, 224)
  .option('--workers <number>', 'most workers (default: physical cores)', positiveInteger, physicalCores())
  .option('--data <folders...>', 'folders of images for the decoding section (default: synthetic ones)')
  .option('--peers', 'also time PyTorch, Keras and Pillow, where Python can import them', false)
  .option('--python <program>', 'Python for --peers', 'python3')
  .addOption(new Option('--device <which>', '`all`: also every device of this machine').choices(['all']))
  .option('--profile', 'only list the kernels of one fused training step of the reference CNN', false)
  .option('--json <file>', 'file to write the rows to as well')
  .parse()
  .opts<{
    only?: SectionName[];
    rounds: number;
    imageSize: number;
    workers: number;
    data?: string[];
    peers: boolean;
    python: string;
    device?: 'all';
    profile: boolean;
    json?: string;
  }>();

const names = (Object.keys(SECTIONS) as SectionName[]).filter((name) =>
  name === 'devices' && flags.device === 'all' ? true : (flags.only?.includes(name) ?? name !== 'devices'),
);

await runOnDevice({ device: 'wasm' }, '', async ({ device, signal, say }) => {
  const { rounds, imageSize, workers, data } = flags;
  if (flags.profile) {
    console.table(await profileStep(imageSize));
    return;
  }
  const simdPeak = measureSimdPeak();
  const python = flags.peers ? flags.python : undefined;
  const context: BenchContext = { rounds, imageSize, workers, simdPeak, python, data, signal, say };
  console.log(
    `${cpus()[0]?.model}, Node ${process.version}, ${device.description}.\n` +
      `SIMD peak ${simdPeak.toFixed(1)} GFLOPS per core, ${imageSize}x${imageSize}x3, ${rounds} rounds at most.`,
  );
  const started = performance.now();
  const rows: BenchRow[] = [];
  for (const [index, name] of names.entries()) {
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    say(`[${index + 1}/${names.length}] ${name} (after ${seconds} s)`);
    const measured = await SECTIONS[name](context);
    console.log(`\n### ${name}\n\n${formatRows(measured)}\n`);
    rows.push(...measured);
    if (flags.json) await writeFileAtomic(flags.json, `${JSON.stringify(rows, null, 2)}\n`);
  }
  say(`Done after ${((performance.now() - started) / 1000).toFixed(0)} s.`);
});

async function profileStep(imageSize: number) {
  const workload = createWorkload(createCnn({ imageShape: [imageSize, imageSize, 3] }));
  const forward = fuse(workload.model);
  await workload.trainingStep(forward, 8);
  // On wasm all kernels have run when the step begins to wait for its loss.
  let step: Promise<void> | undefined;
  const times = profileKernels(() => {
    step = workload.trainingStep(forward, 8);
  });
  await step;
  return times;
}
