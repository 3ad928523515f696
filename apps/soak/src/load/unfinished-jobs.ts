/** The jobs of an experiment that have not ended. An answer that comes late, after the job's last event, does not bring it back. */
export class UnfinishedJobs implements Iterable<string> {
  readonly #ids = new Set<string>();
  readonly #ended = new Set<string>();

  get size(): number {
    return this.#ids.size;
  }

  begin(id: string): void {
    if (!this.#ended.has(id)) this.#ids.add(id);
  }

  end(id: string): void {
    this.#ended.add(id);
    this.#ids.delete(id);
  }

  [Symbol.iterator](): Iterator<string> {
    return this.#ids.values();
  }
}
