import { withoutUnseen } from './escape.js';

/** Stands for a model that is a file of the reader's, by its name. */
export class ModelFile {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  /** Beside where the snippet runs, so that no name is taken for an option; what cannot be seen in it is a `_`. */
  get path(): string {
    return `./${withoutUnseen(this.name, () => '_')}`;
  }
}
