import { InvalidArgumentError } from 'xray-core';
import type { CheckpointStore } from './checkpoints/checkpoint.js';
import { train } from './train.js';
import type { EpochLogs, TrainOptions, TrainResult } from './train-options.js';

/** One phase of a training. */
export interface TrainingPhase {
  /** Lower-case words with hyphens, such as `head` or `fine-tune`; its checkpoints carry it, so each has another. */
  readonly name: string;
  /**
   * Called when the phase begins: freezes and unfreezes layers and says how to train. The checkpoints given here may be
   * those of the other phases: names are kept apart.
   */
  prepare(): TrainOptions | Promise<TrainOptions>;
  /** Called when the phase has ended, also by an error: closes what `prepare` opened. */
  finish?(): void | Promise<void>;
}

/** How a training in phases went. */
export interface PhasesResult extends TrainResult {
  /** In order; `history[firstEpoch]` is the first epoch of a phase. */
  readonly phases: readonly {
    readonly name: string;
    readonly firstEpoch: number;
    readonly result: TrainResult;
  }[];
}

/**
 * Trains in phases, such as a head on a frozen base first and then the last blocks of the base with a lower rate. Each
 * starts with the best weights of the one before. With `resume`, finished phases are not trained again: their best
 * weights are read from their checkpoints. A phase that `stopWhen` ended is the last one.
 *
 * @returns The epochs of all phases as one history; `bestEpoch` is that of the last phase.
 * @throws {InvalidArgumentError} If two phases have the same name; nothing is trained then.
 * @throws Whatever `train` throws; later phases are then not begun.
 *
 * @example
 * await trainPhases([
 *   { name: 'head', prepare: () => ({ ...common, learningRate: 1e-4 }) },
 *   { name: 'fine-tune', prepare: () => (unfreezeFrom(model, 'mixed8'), { ...common, learningRate: 1e-5 }) },
 * ]);
 */
export async function trainPhases(phases: readonly TrainingPhase[]): Promise<PhasesResult> {
  checkNames(phases.map(({ name }) => name));
  const history: EpochLogs[] = [];
  const done: PhasesResult['phases'][number][] = [];
  let steps = 0;
  for (const [index, { name, prepare, finish }] of phases.entries()) {
    try {
      const options = await prepare();
      options.onProgress?.({ type: 'phase-start', phase: name, index, count: phases.length });
      const { checkpoints } = options;
      const result = await train(
        checkpoints ? { ...options, checkpoints: ofPhase(checkpoints, name) } : options,
      );
      done.push({ name, firstEpoch: history.length, result });
      history.push(
        ...result.history.map((logs, epoch) => ({ ...logs, epoch: done[index]!.firstEpoch + epoch })),
      );
      steps += result.steps;
      if (result.reason === 'stopped') break;
    } finally {
      await finish?.();
    }
  }
  const last = done.at(-1);
  return {
    history,
    bestEpoch: last ? last.firstEpoch + last.result.bestEpoch : -1,
    reason: last?.result.reason ?? 'completed',
    steps,
    phases: done,
  };
}

function checkNames(names: readonly string[]): void {
  if (new Set(names).size === names.length) return;
  throw new InvalidArgumentError({
    argument: 'phases',
    expected: 'phases with names of their own, under which their checkpoints are kept',
    received: names,
  });
}

function ofPhase(store: CheckpointStore, phase: string): CheckpointStore {
  return {
    read: (name) => store.read(`${phase}-${name}`),
    write: (name, checkpoint) => store.write(`${phase}-${name}`, checkpoint),
    remove: (name) => store.remove(`${phase}-${name}`),
  };
}
