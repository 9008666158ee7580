/** One deadline at a time: setting a new one ends the old. */
export class Deadline {
  #timer: NodeJS.Timeout | undefined;

  set(ms: number, act: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(act, ms);
  }

  /** The time begins anew. */
  refresh(): void {
    this.#timer?.refresh();
  }

  clear(): void {
    clearTimeout(this.#timer);
  }
}
