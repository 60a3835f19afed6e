import type { ShiftEvaluation } from 'xray-core';

/** What one training came to on its validation side. */
export interface AblationRun extends Pick<ShiftEvaluation, 'unchanged' | 'mean' | 'worst' | 'pooledAuroc'> {
  readonly variant: string;
  readonly seed: number;
  /** Of training and measuring. */
  readonly seconds: number;
  /** That were trained on. */
  readonly images: number;
  /** At the threshold from validation; `null` where the source has one class only. */
  readonly heldOut?: ShiftEvaluation['unchanged'] | undefined;
}

/** A table in Markdown, a row per variant, the best under shifts first: means and standard deviations over seeds. */
export function formatAblation(runs: readonly AblationRun[]): string {
  const heldOut = (['auroc', 'sensitivity', 'specificity'] as const).filter((name) =>
    runs.every((run) => typeof run.heldOut?.[name] === 'number'),
  );
  const variants = [...new Set(runs.map(({ variant }) => variant))].map((variant) => {
    const own = runs.filter((run) => run.variant === variant);
    const over = (pick: (run: AblationRun) => number | null) => spread(own.map(pick));
    return {
      variant,
      rank: over(({ pooledAuroc }) => pooledAuroc).mean,
      cells: [
        over(({ unchanged }) => unchanged.auroc),
        over(({ pooledAuroc }) => pooledAuroc),
        over(({ mean }) => mean.sensitivity),
        over(({ mean }) => mean.specificity),
        over(({ worst }) => worst.specificity),
        ...heldOut.map((name) => over((run) => run.heldOut![name])),
      ].map(({ mean, deviation }) => `${mean.toFixed(3)} ± ${deviation.toFixed(3)}`),
    };
  });
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    row([
      'Variant',
      'AUROC, unchanged',
      'AUROC, all shifts together',
      'mean sensitivity',
      'mean specificity',
      'worst specificity',
      ...heldOut.map((name) => `${name === 'auroc' ? 'AUROC' : name}, source held out`),
    ]),
    row(Array.from({ length: 6 + heldOut.length }, () => '---')),
    ...variants
      .sort((left, right) => right.rank - left.rank)
      .map(({ variant, cells }) => row([variant, ...cells])),
  ].join('\n');
}

/** Mean and sample standard deviation; undefined numbers count as 0, the worst there is. */
function spread(values: readonly (number | null)[]): { mean: number; deviation: number } {
  const numbers = values.map((value) => value ?? 0);
  const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
  const squares = numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: numbers.length < 2 ? 0 : Math.sqrt(squares / (numbers.length - 1)) };
}
