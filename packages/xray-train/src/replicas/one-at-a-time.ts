import { XrayError } from 'xray-core';

/** Refuses to start a thing while another one is under way. */
export interface OneAtATime {
  /** @returns What to call in the end. @throws {XrayError} `replicas-busy` */
  start(): () => void;
  run<Result>(work: () => Promise<Result>): Promise<Result>;
}

export function oneAtATime(): OneAtATime {
  let isBusy = false;
  function start(): () => void {
    if (isBusy) {
      throw new XrayError(
        'replicas-busy',
        'These replicas are at work. Await the training step, or read or close the generator of `mapBatches`, first.',
      );
    }
    isBusy = true;
    return () => {
      isBusy = false;
    };
  }
  return {
    start,
    async run(work) {
      const release = start();
      try {
        return await work();
      } finally {
        release();
      }
    },
  };
}
