import { decodeModel, encodeModel, type Model } from '@vergeai/worker';
import { fitFor, likelyKind } from '../../recipes/csv/fit.js';
import { csvSettings } from '../../recipes/csv/open-csv.js';
import { planFor, type Choice } from '../../recipes/csv/plan.js';
import { digitsSettings } from '../../recipes/digits/open-digits.js';
import { evaluate } from '../../recipes/network/evaluate.js';
import { fittingNetwork } from '../../recipes/network/fitting-network.js';
import type { Judgement, OpenRecipe } from '../../recipes/recipe.js';
import { Pantry } from './pantry.js';

type Hyperparameters = Readonly<Record<string, unknown>>;

/** A column of the person's table, for a form: whether it can be learnt from, and what it can be learnt as, or why not. */
export interface ColumnSummary {
  readonly name: string;
  readonly input: { readonly does: true } | { readonly does: false; readonly why: string };
  readonly classes: { readonly does: true } | { readonly does: false; readonly why: string };
  readonly likely: 'classes' | 'value';
}

export interface TableSummary {
  readonly rows: number;
  readonly columns: readonly ColumnSummary[];
}

/** What a network makes of one example: the probability of each class, or a value. */
export type Reading = readonly number[];

/** Makes start models, and judges what devices have made of them: by examples that no device trains on. */
export class Judge {
  readonly #pantry = new Pantry();
  #recipe: OpenRecipe | undefined;
  /** Those that were judged, by name. */
  readonly #models = new Map<string, Model>();

  /** @throws TableError */
  async takeTable(file: Blob): Promise<TableSummary> {
    const { rows, columns } = await this.#pantry.takeTable(file);
    return { rows, columns: columns.map((column) => ({ name: column.name, input: fitFor(column, 'value'), classes: fitFor(column, 'classes'), likely: likelyKind(column) })) };
  }

  /** The hyperparameters of an experiment about the table. @throws TableError */
  async hyperparametersFor(choice: Choice): Promise<Hyperparameters> {
    return { ...csvSettings, ...planFor(await this.#pantry.table(), choice) };
  }

  /** The same for digits. */
  digits(): Hyperparameters {
    return digitsSettings;
  }

  /** From here on it is about this experiment. Gives what it leaves out. @throws RangeError, TableError when this tab can take no part in it. */
  async open(hyperparameters: Hyperparameters): Promise<OpenRecipe['leftOut']> {
    this.#recipe = await this.#pantry.open(hyperparameters);
    this.#models.clear();
    return this.#recipe.leftOut;
  }

  /** A start model, as a safetensors file. */
  startModel(seed: number): Uint8Array {
    return encodeModel(this.#opened().startModel(seed), 'safetensors');
  }

  /** How good a model is; it can read under this name from here on. @throws InvalidModel, RangeError when it is none for this. */
  judge(name: string, bytes: Uint8Array): Judgement {
    const { task, heldOut } = this.#opened();
    const model = decodeModel(bytes);
    const judgement = evaluate(model, task, heldOut);
    this.#models.set(name, model);
    return judgement;
  }

  /** What a model that was judged makes of an example. */
  read(name: string, row: Float32Array): Reading {
    const { task, heldOut } = this.#opened();
    const model = this.#models.get(name);
    if (!model) throw new Error('This model was not judged.');
    return [...fittingNetwork(model, task, heldOut).run(row)];
  }

  /** One that is held out: what it looks like, and what it is. */
  heldOut(index: number): { row: Float32Array; target: number } {
    const { heldOut } = this.#opened();
    const row = new Float32Array(heldOut.width);
    heldOut.read(index % heldOut.count, row);
    return { row, target: heldOut.targets[index % heldOut.count]! };
  }

  #opened(): OpenRecipe {
    if (!this.#recipe) throw new Error('No experiment was opened yet.');
    return this.#recipe;
  }
}
