import type { WorkerChannel, WorkerHandle } from 'xray-core';
import type {
  GradientsReply,
  ReplicaRequest,
  ReplyMessage,
  RequestMessage,
  SharedBatch,
} from './messages.js';

/** A range of memory on its way to a process that cannot share it. */
interface Copy {
  readonly offset: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A request whose shared memory is replaced by copies of what the worker will read. */
interface MirroredRequest {
  readonly id: number;
  readonly request: object;
  /** Bytes of every weight; with the first request. */
  readonly layout?: readonly number[] | undefined;
  /** Weights that changed. */
  readonly weights: readonly Copy[];
  readonly batch?: { readonly bytes: number; readonly copies: readonly Copy[] } | undefined;
}

/** A reply with copies of what the worker wrote. */
interface MirroredReply {
  readonly message: ReplyMessage;
  readonly results: readonly Copy[];
}

const copyOf = (memory: SharedArrayBuffer, offset: number, length: number): Copy => ({
  offset,
  bytes: new Uint8Array(memory, offset, length).slice(),
});

function put(memory: SharedArrayBuffer, copies: readonly Copy[]): void {
  for (const { offset, bytes } of copies) new Uint8Array(memory).set(bytes, offset);
}

/** Copies of some weights, of which `layout` has the bytes. */
function weightCopies(
  memory: SharedArrayBuffer,
  layout: readonly number[],
  indices: readonly number[],
): Copy[] {
  const offsets: number[] = [];
  layout.reduce((offset, bytes, index) => {
    offsets[index] = offset;
    return offset + bytes;
  }, 0);
  return indices.map((index) => copyOf(memory, offsets[index]!, layout[index]!));
}

/**
 * The program's end of a channel to a process: the protocol of `messages.ts`, with copies where threads share memory.
 *
 * @param layout - Bytes of every weight, in the order of `modelParts`.
 */
export function mirrorMemory(handle: WorkerHandle, layout: readonly number[]): WorkerHandle {
  let shared: { weights: SharedArrayBuffer; results: SharedArrayBuffer } | undefined;
  return {
    ...handle,
    post(message) {
      const { id, request } = message as RequestMessage;
      if (request.type === 'setup') {
        const { weights, results, ...rest } = request;
        shared = { weights, results };
        handle.post({ id, request: rest, layout, weights: [] } satisfies MirroredRequest);
        return;
      }
      const weights = weightCopies(shared!.weights, layout, request.load);
      if (request.type === 'update') {
        handle.post({ id, request, weights } satisfies MirroredRequest);
        return;
      }
      const { memory, ...batch } = request.batch;
      const copies = batchCopies(request);
      const mirrored = {
        id,
        request: { ...request, batch },
        weights,
        batch: { bytes: memory.byteLength, copies },
      };
      handle.post(mirrored satisfies MirroredRequest);
    },
    onMessage: (listener) =>
      handle.onMessage((received) => {
        const { message, results } = received as MirroredReply;
        put(shared!.results, results);
        listener(message);
      }),
  };
}

/** The images and labels that a request is about: a shard of the batch, or all of it. */
function batchCopies(request: Extract<ReplicaRequest, { batch: SharedBatch }>): Copy[] {
  const { memory, imageShape, classes } = request.batch;
  const size = imageShape[0]!;
  const { start, count } = request.type === 'gradients' ? request : { start: 0, count: size };
  const imageBytes = 4 * imageShape.slice(1).reduce((product, length) => product * length, 1);
  const labelBytes = 4 * classes;
  return [
    copyOf(memory, start * imageBytes, count * imageBytes),
    copyOf(memory, size * imageBytes + start * labelBytes, count * labelBytes),
  ];
}

/** The worker's end of it: gives the replica memory of its own that looks shared. */
export function unmirrorMemory(channel: WorkerChannel): WorkerChannel {
  let layout: readonly number[] = [];
  let weights = new SharedArrayBuffer(0);
  let results = new SharedArrayBuffer(0);

  function restore(received: MirroredRequest): RequestMessage {
    const { id, request } = received;
    if (received.layout) {
      layout = received.layout;
      const bytes = layout.reduce((sum, length) => sum + length, 0);
      [weights, results] = [new SharedArrayBuffer(bytes), new SharedArrayBuffer(bytes)];
      return { id, request: { ...request, weights, results } as ReplicaRequest };
    }
    put(weights, received.weights);
    if (!received.batch) return { id, request: request as ReplicaRequest };
    const memory = new SharedArrayBuffer(received.batch.bytes); // its own: several requests may wait
    put(memory, received.batch.copies);
    const { batch } = request as { batch: Omit<SharedBatch, 'memory'> };
    return { id, request: { ...request, batch: { ...batch, memory } } as ReplicaRequest };
  }

  return {
    post(message) {
      const reply = message as ReplyMessage;
      const { written = [] } =
        ('reply' in reply ? (reply.reply as Partial<GradientsReply> | undefined) : undefined) ?? {};
      channel.post({
        message: reply,
        results: weightCopies(results, layout, written),
      } satisfies MirroredReply);
    },
    onMessage: (listener) => channel.onMessage((received) => listener(restore(received as MirroredRequest))),
  };
}
