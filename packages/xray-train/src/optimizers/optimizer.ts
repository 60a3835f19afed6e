import * as tf from '@tensorflow/tfjs-core';
import { InvalidArgumentError, XrayError } from 'xray-core';

/**
 * Changes weights by gradients and can hand out its whole state, so that a resumed run equals an uninterrupted
 * one bit for bit (tfjs' own optimizers recompute part of theirs on loading).
 */
export interface Optimizer {
  readonly name: string;
  /** Numbers that a resumed run must share, for example the momentum. */
  readonly settings: Readonly<Record<string, number>>;
  /** Changes the variables in place. The lists have the same order at every call. */
  step(variables: readonly tf.Variable[], gradients: readonly tf.Tensor[], learningRate: number): void;
  /**
   * Tensors of the state, owned by the optimizer; empty before the first step. Checkpoints keep float32 values and no
   * shapes, so there is a tensor for every variable in their order and shapes, or several such rounds.
   */
  slots(): readonly tf.Tensor[];
  /** Takes over copies of a saved state, of none before the first step. `steps` is how often `step` had been called. */
  restore(slots: readonly tf.Tensor[], steps: number): void;
  /** Frees the state. */
  dispose(): void;
}

/** @internal Tensors that live from step to step, `perVariable` of them for each variable. */
export class SlotList {
  private tensors: tf.Tensor[] = [];

  constructor(private readonly perVariable: number) {}

  /** Makes zeros on first use. */
  ensure(variables: readonly tf.Variable[]): void {
    const count = variables.length * this.perVariable;
    if (this.tensors.length === 0) {
      for (let slot = 0; slot < count; slot++) {
        this.tensors.push(tf.keep(tf.zeros(variables[slot % variables.length]!.shape)));
      }
    } else if (this.tensors.length !== count) {
      throw new XrayError(
        'optimizer-mismatch',
        `The optimizer's state belongs to ${this.tensors.length / this.perVariable} variables. Received: ${variables.length}. Create a new optimizer when the trainable weights change.`,
      );
    }
  }

  get(slot: number): tf.Tensor {
    return this.tensors[slot]!;
  }

  replace(slot: number, tensor: tf.Tensor): void {
    this.tensors[slot]!.dispose();
    this.tensors[slot] = tf.keep(tensor);
  }

  all(): readonly tf.Tensor[] {
    return this.tensors;
  }

  restore(tensors: readonly tf.Tensor[]): void {
    this.dispose();
    this.tensors = tensors.map((tensor) => tf.keep(tf.clone(tensor)));
  }

  dispose(): void {
    tf.dispose(this.tensors);
    this.tensors = [];
  }
}

/** @internal Checks numbers that are shares in `[0, 1)`. */
export function checkShares(shares: Readonly<Record<string, number>>): void {
  for (const [argument, received] of Object.entries(shares)) {
    if (received >= 0 && received < 1) continue;
    throw new InvalidArgumentError({ argument, expected: 'in [0, 1)', received });
  }
}
