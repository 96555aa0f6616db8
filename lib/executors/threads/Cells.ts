/** Which of a worker's cells in shared memory each of its batches has. */
export class Cells {
  readonly #free: number[] = [];
  /** The first that was never taken. */
  #next = 0;

  /** The cell that was given back last: few of them are in use, mostly. */
  take(): number {
    return this.#free.pop() ?? this.#next++;
  }

  giveBack(cell: number): void {
    this.#free.push(cell);
  }
}
