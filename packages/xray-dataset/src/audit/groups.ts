/** @internal Joins numbers from 0 to `count - 1` into groups. */
export class Groups {
  readonly #parents: Int32Array;

  constructor(count: number) {
    this.#parents = Int32Array.from({ length: count }, (_, index) => index);
  }

  /** The number that stands for the group of `index`. */
  rootOf(index: number): number {
    let root = index;
    while (this.#parents[root] !== root) root = this.#parents[root]!;
    for (let at = index; at !== root; ) {
      const next = this.#parents[at]!;
      this.#parents[at] = root; // shortens the way for the next look
      at = next;
    }
    return root;
  }

  join(first: number, second: number): void {
    const [one, other] = [this.rootOf(first), this.rootOf(second)];
    this.#parents[Math.max(one, other)] = Math.min(one, other); // the smallest member stands for a group
  }

  /** Members of every group of at least two, in order, by the number that stands for it. */
  members(): Map<number, number[]> {
    const all = new Map<number, number[]>();
    for (let index = 0; index < this.#parents.length; index++) {
      const root = this.rootOf(index);
      const group = all.get(root);
      if (group) group.push(index);
      else all.set(root, [index]);
    }
    for (const [root, group] of all) if (group.length < 2) all.delete(root);
    return all;
  }
}
