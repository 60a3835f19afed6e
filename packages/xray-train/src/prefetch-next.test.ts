import { describe, expect, it } from 'vitest';
import { prefetchNext } from './prefetch-next.js';

/** Counts up; tells what it is asked for and whether it was closed. */
function counter(length: number, log: string[]): AsyncGenerator<number> {
  return (async function* () {
    try {
      for (let item = 0; item < length; item++) {
        log.push(`make ${item}`);
        yield item;
      }
    } finally {
      log.push('closed');
    }
  })();
}

/** What a consumer awaits while a device computes. */
const computing = () => new Promise((resolve) => setTimeout(resolve, 20));

describe('prefetchNext', () => {
  it('makes one item while the consumer works on another, never more', async () => {
    const log: string[] = [];
    const taken: number[] = [];
    for await (const { item } of prefetchNext(counter(3, log), () => {})) {
      taken.push(item);
      log.push(`start ${item}`);
      await computing();
      log.push(`end ${item}`);
    }
    expect(taken).toEqual([0, 1, 2]);
    expect(log).toEqual([
      ...['make 0', 'start 0', 'make 1', 'end 0'],
      ...['start 1', 'make 2', 'end 1', 'start 2', 'closed', 'end 2'],
    ]);
  });

  it('hands back what nobody takes, and closes the source, when the consumer stops or throws', async () => {
    for (const stop of [() => {}, () => expect.fail('stop')]) {
      const log: string[] = [];
      const disposed: number[] = [];
      const consume = async () => {
        for await (const { item } of prefetchNext(counter(9, log), (left) => void disposed.push(left))) {
          await computing();
          if (item === 1) {
            stop();
            break;
          }
        }
      };
      await consume().catch(() => {});
      expect(disposed).toEqual([2]);
      expect(log).toEqual(['make 0', 'make 1', 'make 2', 'closed']);
    }
  });

  it('passes the failure of the source on in its turn', async () => {
    const taken: number[] = [];
    async function* failing() {
      yield 0;
      throw new Error('no disk');
    }
    await expect(async () => {
      for await (const { item } of prefetchNext(failing(), () => {})) {
        await computing();
        taken.push(item);
      }
    }).rejects.toThrow('no disk');
    expect(taken).toEqual([0]);
  });
});
