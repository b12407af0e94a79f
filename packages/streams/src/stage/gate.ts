/**
 * Lets so much work through at once; the rest waits its turn. Rows that are decoded all at once, of every partition with a backlog,
 * outlive young garbage collections, which then take a third of the time.
 */
export class Gate {
  readonly #capacity: number;
  readonly #waiting: { size: number; enter: () => void }[] = [];
  #inside = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Runs work of a size. One that is larger than the gate goes alone. */
  async pass<T>(size: number, work: () => Promise<T>): Promise<T> {
    await new Promise<void>((enter) => {
      this.#waiting.push({ size, enter });
      this.#admit();
    });
    try {
      return await work();
    } finally {
      this.#inside -= size;
      this.#admit();
    }
  }

  #fits(size: number): boolean {
    return this.#inside === 0 || this.#inside + size <= this.#capacity;
  }

  #admit(): void {
    for (
      let first = this.#waiting[0];
      first !== undefined && this.#fits(first.size);
      first = this.#waiting[0]
    ) {
      this.#waiting.shift();
      this.#inside += first.size;
      first.enter();
    }
  }
}
