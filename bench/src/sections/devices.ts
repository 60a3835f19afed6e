import { XrayError } from 'xray-core';
import { DEVICE_KINDS } from 'xray-node-gpu';
import { runChild } from './run-child.js';
import type { BenchContext, BenchRow } from './section.js';

/** Images so small that the cpu backend takes seconds and not minutes. */
const TINY = 32;

/** The reference CNN on every device of this machine, each in a process of its own. */
export async function benchDevices(context: BenchContext): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const device of DEVICE_KINDS) {
    context.say(`devices: ${device}`);
    const isSlow = device === 'cpu';
    const imageSize = isSlow ? TINY : context.imageSize;
    const batch = isSlow ? 1 : 8;
    const rounds = isSlow ? 2 : context.rounds;
    const sizes = { imageSize, batch, microBatch: batch, rounds };
    const works = ['forward', 'step'] as const;
    try {
      const result = await runChild({ device, network: 'cnn', works, ...sizes }, context.signal);
      works.forEach((work, index) => {
        const { median, fastest, slowest } = result.spreads[index]!;
        const gigaflops = (result.gigaOperations[index]! * batch * 1000) / median;
        const perSecond = (time: number) => (batch * 1000) / time;
        rows.push({
          section: 'devices',
          work: work === 'forward' ? 'forward pass' : 'training step',
          on: isSlow ? `${result.device} (${TINY}x${TINY} images)` : result.device,
          ...{ batch, gigaflops, milliseconds: result.spreads[index]! },
          imagesPerSecond: {
            median: perSecond(median),
            fastest: perSecond(fastest),
            slowest: perSecond(slowest),
          },
          peakMegabytes: result.peakMegabytes,
        });
      });
    } catch (error) {
      if (!XrayError.isInstance(error)) throw error;
      rows.push({ section: 'devices', work: '', on: device, note: reasonIn(error) });
    }
  }
  return rows.map((row) => ({ ...row, ...againstWasm(row, rows) }));
}

/** Operations per second, as cpu computes smaller images. */
function againstWasm(row: BenchRow, rows: readonly BenchRow[]): Pick<BenchRow, 'againstWasm'> {
  const wasm = rows.find(({ on, work }) => on.startsWith('WebAssembly') && work === row.work);
  if (!wasm?.gigaflops || !row.gigaflops) return {};
  return { againstWasm: row.gigaflops / wasm.gigaflops };
}

/** Why a device was not taken, without what to do about it: the doctor of `xray-node-gpu` says that. */
function reasonIn({ message }: Error): string {
  return message.replace(/^No device could be started\. \S+: /, '').split(' Fix:')[0]!;
}
