import type { ModelLayout } from '../layout/model-layout.js';

/** Takes a model file as it streams by. Once it has thrown, it throws the same error again. */
export interface ModelSink {
  /**
   * The next bytes of the file; not kept after the call.
   * @throws InvalidModel as soon as the file cannot be accepted any more.
   */
  write(chunk: Uint8Array): void;
  /**
   * The file is complete.
   * @throws InvalidModel when it ends too early.
   */
  end(): ModelLayout;
}

/** Makes sure that a file refused once is never accepted by a later `end()`. */
export function refuseForGood(sink: ModelSink): ModelSink {
  let failure: { error: unknown } | undefined;
  function guard<T>(step: () => T): T {
    if (failure) throw failure.error;
    try {
      return step();
    } catch (error) {
      failure = { error };
      throw error;
    }
  }
  return {
    write: (chunk) => guard(() => sink.write(chunk)),
    end: () => guard(() => sink.end()),
  };
}
