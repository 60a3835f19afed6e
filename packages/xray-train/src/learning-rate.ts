import { InvalidArgumentError } from 'xray-core';

/**
 * Learning rate of an optimizer step.
 *
 * @param step - Optimizer steps taken before this one in the whole run; counts from 0.
 * @returns At least 0 and finite, for every step that is taken.
 */
export type LearningRateSchedule = (step: number) => number;

/** The same learning rate at every step. */
export function constantLearningRate(rate: number): LearningRateSchedule {
  checkRate('rate', rate);
  return () => rate;
}

/**
 * Decay of Keras' legacy optimizers (`decay` argument), which the reference study uses with 1e-5:
 * `rate / (1 + decay * step)`.
 */
export function legacyKerasDecay(rate: number, decay: number): LearningRateSchedule {
  checkRate('rate', rate);
  if (!(decay >= 0)) {
    throw new InvalidArgumentError({ argument: 'decay', expected: 'at least 0', received: decay });
  }
  return (step) => rate / (1 + decay * step);
}

/**
 * Linear warm-up from 0, then half a cosine from `rate` down to `finalRate` at `steps`, constant after it.
 *
 * @param options.steps - Optimizer steps of the whole schedule, warm-up included.
 * @param options.warmUpSteps - @default 0
 * @param options.finalRate - @default 0
 *
 * @see Loshchilov & Hutter 2016, https://arxiv.org/abs/1608.03983, equation 5
 */
export function cosineDecay(options: {
  rate: number;
  steps: number;
  warmUpSteps?: number | undefined;
  finalRate?: number | undefined;
}): LearningRateSchedule {
  const { rate, steps, warmUpSteps = 0, finalRate = 0 } = options;
  checkRate('rate', rate);
  if (!(finalRate >= 0 && Number.isFinite(finalRate))) {
    throw new InvalidArgumentError({ argument: 'finalRate', expected: 'at least 0', received: finalRate });
  }
  if (
    !(
      Number.isSafeInteger(steps) &&
      Number.isSafeInteger(warmUpSteps) &&
      steps > warmUpSteps &&
      warmUpSteps >= 0
    )
  ) {
    throw new InvalidArgumentError({
      argument: 'steps',
      expected: 'an integer larger than `warmUpSteps` (an integer of at least 0)',
      received: { steps, warmUpSteps },
    });
  }
  return (step) => {
    if (step < warmUpSteps) return (rate * (step + 1)) / warmUpSteps;
    const share = Math.min(1, (step - warmUpSteps) / (steps - warmUpSteps));
    return finalRate + (rate - finalRate) * 0.5 * (1 + Math.cos(Math.PI * share));
  };
}

/**
 * One cycle, as PyTorch's `OneCycleLR` with its cosine shape: half a cosine from `rate / startDivisor` up to `rate`, then one
 * down to `rate / startDivisor / finalDivisor` at the last of `steps`, constant after it.
 *
 * @param options.rate - Largest learning rate.
 * @param options.steps - Optimizer steps of the whole schedule: epochs times the batches of an epoch.
 * @param options.warmUpShare - Share of the steps in which the rate grows, in `(0, 1)`. @default 0.3
 * @param options.startDivisor - @default 25
 * @param options.finalDivisor - @default 1e4
 *
 * @see Smith & Topin 2017, https://arxiv.org/abs/1708.07120
 */
export function oneCycle(options: {
  rate: number;
  steps: number;
  warmUpShare?: number | undefined;
  startDivisor?: number | undefined;
  finalDivisor?: number | undefined;
}): LearningRateSchedule {
  const { rate, steps, warmUpShare = 0.3, startDivisor = 25, finalDivisor = 1e4 } = options;
  checkRate('rate', rate);
  for (const [argument, received] of Object.entries({ startDivisor, finalDivisor })) {
    if (received >= 1 && Number.isFinite(received)) continue;
    throw new InvalidArgumentError({ argument, expected: 'a finite number of at least 1', received });
  }
  const top = warmUpShare * steps - 1;
  const last = steps - 1;
  if (!(Number.isSafeInteger(steps) && warmUpShare < 1 && top > 0 && last > top)) {
    throw new InvalidArgumentError({
      argument: 'steps',
      expected: 'an integer with more than one step of warm-up (`warmUpShare`, in (0, 1)) and one after it',
      received: { steps, warmUpShare },
    });
  }
  const start = rate / startDivisor;
  const between = (from: number, to: number, share: number) =>
    to + (from - to) * 0.5 * (1 + Math.cos(Math.PI * share));
  return (step) => {
    if (step <= top) return between(start, rate, step / top);
    return between(rate, start / finalDivisor, Math.min(1, (step - top) / (last - top)));
  };
}

/** @internal A number is a constant rate; 1e-4 by default. */
export function scheduleOf(learningRate: number | LearningRateSchedule = 1e-4): LearningRateSchedule {
  return typeof learningRate === 'number' ? constantLearningRate(learningRate) : learningRate;
}

/**
 * @internal The rate of one step.
 *
 * @throws {InvalidArgumentError} If the schedule gives none that a step can be taken with.
 */
export function rateOf(schedule: LearningRateSchedule, step: number): number {
  const rate = schedule(step);
  if (rate >= 0 && Number.isFinite(rate)) return rate;
  throw new InvalidArgumentError({
    argument: 'learningRate',
    expected: `a schedule with a finite rate of at least 0 for step ${step}`,
    received: rate,
  });
}

function checkRate(argument: string, rate: number): void {
  if (!(rate > 0 && Number.isFinite(rate))) {
    throw new InvalidArgumentError({
      argument,
      expected: 'a positive number, usually 1e-5 to 1e-2',
      received: rate,
    });
  }
}
