/** What long-running functions report. Libraries emit these and never print. */
export type ProgressEvent =
  /** Rows of tables read so far. */
  | { readonly type: 'index'; readonly done: number; readonly total: number }
  /** Images decoded so far. */
  | { readonly type: 'decode'; readonly done: number; readonly total: number }
  /** Rounds of comparing all images with each other. */
  | { readonly type: 'compare'; readonly done: number; readonly total: number }
  | {
      readonly type: 'epoch-start';
      readonly epoch: number;
      readonly epochs: number;
      readonly batches: number;
    }
  | {
      readonly type: 'batch-end';
      /** Counts from 0. */
      readonly epoch: number;
      /** Batches done in this epoch. */
      readonly batch: number;
      readonly batches: number;
      /** Mean loss over the images of this batch. */
      readonly loss: number;
      readonly imagesPerSecond: number;
      /** Time since the batch before in which nothing was computed because this batch was not there yet. */
      readonly stallMilliseconds: number;
      /** The same as a share in [0, 1] of all the time since the batch before. */
      readonly stallShare: number;
    }
  | {
      readonly type: 'epoch-end';
      readonly epoch: number;
      /** Most epochs the run may take. */
      readonly epochs: number;
      /** `loss`, `accuracy`, `val_loss`, `val_accuracy`, `val_auroc`, `learning_rate`, `seconds`, `stall_share`, ... */
      readonly logs: Readonly<Record<string, number>>;
      readonly improved: boolean;
    }
  | {
      readonly type: 'train-end';
      /** Counts from 0. */
      readonly bestEpoch: number;
      readonly reason: 'completed' | 'early-stopping' | 'stopped';
    }
  /** Features of a frozen base computed so far. */
  | { readonly type: 'features'; readonly done: number; readonly total: number }
  /** A run of several phases goes on with the next one, such as `head` or `fine-tune`. */
  | { readonly type: 'phase-start'; readonly phase: string; readonly index: number; readonly count: number }
  /** Images predicted so far. */
  | { readonly type: 'predict'; readonly done: number; readonly total: number }
  /** Rounds of resampling done so far, for intervals and tests. */
  | { readonly type: 'resample'; readonly done: number; readonly total: number }
  /** Bytes of a file that have arrived, counting those of earlier runs. */
  | {
      readonly type: 'download';
      readonly file: string;
      readonly done: number;
      /** `undefined` if neither the caller nor the server says. */
      readonly total: number | undefined;
    }
  /** A download failed and is tried again. */
  | {
      readonly type: 'download-retry';
      readonly file: string;
      /** What went wrong, as a sentence without its full stop. */
      readonly problem: string;
      /** Until the next attempt, in milliseconds. */
      readonly delay: number;
    }
  /** Bytes unpacked so far. */
  | { readonly type: 'unpack'; readonly done: number; readonly total: number };

/** Receives events in order. An error thrown here stops the work. */
export type ProgressCallback = (event: ProgressEvent) => void;
