/** Values that are pushed while somebody reads them. */
export interface Queue<T> extends AsyncIterable<T> {
  push(value: T): void;
  /** What was pushed is still read; then it is over, or fails. */
  end(error?: Error): void;
}

export function queue<T>(): Queue<T> {
  const waiting: T[] = [];
  let over: { readonly error: Error | undefined } | undefined;
  let wake = () => {};
  return {
    push(value) {
      waiting.push(value);
      wake();
    },
    end(error) {
      over ??= { error };
      wake();
    },
    async *[Symbol.asyncIterator]() {
      for (;;) {
        if (waiting.length > 0) yield waiting.shift()!;
        else if (over?.error) throw over.error;
        else if (over) return;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    },
  };
}
