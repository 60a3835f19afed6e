import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { XrayError } from 'xray-core';

/** What a peer can be asked to do with a network. */
export interface PeerWork {
  /** The reference CNN with Adam, or the network of the robust recipe with AdamW. */
  readonly network: 'cnn' | 'robust';
  readonly work: 'forward' | 'step';
  readonly batch: number;
  /** Edge of the square input in pixels. */
  readonly size: number;
}

/** What a peer can be asked to read. */
export interface PeerReading {
  readonly folder: string;
  /** Edge of the square result in pixels. */
  readonly size: number;
}

interface PeersFor<Work> {
  /** Titles by name, for example `{ keras: 'Keras 3.15.1 on tensorflow' }`. */
  readonly titles: Readonly<Record<string, string>>;
  run(peer: string, work: Work): Promise<void>;
  close(): void;
}

/** Other frameworks in a Python process that waits for work. */
export type Peers = PeersFor<PeerWork>;

/** Other ways to read images, in the same manner. */
export type DecodingPeers = PeersFor<PeerReading>;

const SCRIPT = join(import.meta.dirname, '..', '..', 'scripts', 'bench-peers.py');

/**
 * Starts Python and finds out which of PyTorch and Keras it can import.
 *
 * @param python - Program to start.
 * @param threads - Threads each peer may use.
 * @throws {XrayError} With the code `no-peers` if there is no Python or neither framework in it.
 */
export const startPeers = (python: string, threads: number): Promise<Peers> =>
  start(python, threads, 'networks', 'torch nor keras');

/**
 * The same for Pillow, in one process and in as many as there are threads, and `image_dataset_from_directory` of tf.keras.
 *
 * @throws As `startPeers` does.
 */
export const startDecodingPeers = (python: string, threads: number): Promise<DecodingPeers> =>
  start(python, threads, 'decoding', 'PIL nor tensorflow');

async function start(
  python: string,
  threads: number,
  what: 'networks' | 'decoding',
  modules: string,
): Promise<PeersFor<PeerWork | PeerReading>> {
  const child = spawn(python, [SCRIPT, String(threads), what], { stdio: ['pipe', 'pipe', 'pipe'] });
  let complaints = '';
  child.stderr.on('data', (data) => {
    complaints = (complaints + data).slice(-2000);
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const nextLine = async (doing: string) => {
    const { value, done } = await lines.next();
    if (done) throw new XrayError('no-peers', `${python} ended while ${doing}: ${complaints.trim()}`);
    return value as string;
  };
  await new Promise((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', () =>
      reject(new XrayError('no-peers', `There is no ${python} here. Install Python, or leave --peers out.`)),
    );
  });
  const titles = JSON.parse(await nextLine('importing the peers')) as Record<string, string>;
  if (Object.keys(titles).length === 0) {
    child.kill();
    throw new XrayError(
      'no-peers',
      `${python} can import neither ${modules}. Install one, or leave --peers out.`,
    );
  }
  return {
    titles,
    async run(peer, work) {
      child.stdin.write(`${JSON.stringify({ peer, ...work })}\n`);
      await nextLine(`running ${peer}`);
    },
    close: () => child.stdin.end(),
  };
}
