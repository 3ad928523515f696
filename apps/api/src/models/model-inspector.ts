import type { FormatName, ModelLayout } from '@vergeai/domain';

export interface ModelFile {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  readonly format: FormatName;
}

/** Checks models, large ones away from the main thread, so that they delay nobody. */
export interface ModelInspector {
  /**
   * Reads the whole file and gives its layout; with `expected`, also holds it to that layout.
   * Throws a Refusal `invalid_model` with a JSON pointer to the first offence.
   */
  inspect(file: ModelFile, expected?: ModelLayout): Promise<ModelLayout>;
  close(): Promise<void>;
}
