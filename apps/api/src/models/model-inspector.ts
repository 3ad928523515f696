import type { FormatName } from '@vergeai/domain';

export interface ModelFile {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Its first bytes, as many as tell the format. */
  readonly head: Uint8Array;
  readonly format: FormatName;
}

/** What a model is made of. */
export interface Inspected {
  readonly tensors: number;
  /** Its ModelLayout as JSON. Text, as nobody but threads takes it apart: it may have thousands of tensors. */
  readonly layout: string;
}

/** Checks models, large ones away from the main thread, so that they delay nobody. */
export interface ModelInspector {
  /** Reads a whole start model. Throws a Refusal `invalid_model` with a JSON pointer to the first offence. */
  inspect(file: ModelFile): Promise<Inspected>;
  /**
   * Reads a whole update and holds it to a layout, which is asked for when there is a thread that takes it. Throws as
   * `inspect` and `layout` do.
   */
  compare(file: ModelFile, layout: () => Promise<string>): Promise<void>;
  close(): Promise<void>;
}
