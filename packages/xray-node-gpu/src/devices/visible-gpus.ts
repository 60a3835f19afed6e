import { spawnSync } from 'node:child_process';

/**
 * The GPUs that CUDA shows this process, as `CUDA_VISIBLE_DEVICES` names them.
 *
 * @param list - What nvidia-smi lists: an index per line; `undefined` where it does not run.
 */
export function visibleGpus(
  visible: string | undefined = process.env.CUDA_VISIBLE_DEVICES,
  list: () => string | undefined = listGpus,
): readonly string[] {
  const text = visible ?? list() ?? '';
  const gpus = text
    .split(/[,\n]/)
    .map((gpu) => gpu.trim())
    .filter((gpu) => gpu !== '');
  const end = gpus.indexOf('-1'); // CUDA looks no further
  return end < 0 ? gpus : gpus.slice(0, end);
}

function listGpus(): string | undefined {
  const options = { encoding: 'utf8', timeout: 10_000 } as const;
  const { status, stdout } = spawnSync('nvidia-smi', ['--query-gpu=index', '--format=csv,noheader'], options);
  return status === 0 ? stdout : undefined;
}
