import { openCsv } from '../../recipes/csv/open-csv.js';
import { readTableFile, type Table } from '../../recipes/csv/read-table.js';
import { openDigits } from '../../recipes/digits/open-digits.js';
import type { OpenRecipe } from '../../recipes/recipe.js';
import { readPlan, requireRecipe } from '../../recipes/settings.js';
import digitsUrl from '../../../generated/digits.bin?url';

/** Reads what recipes need, each once. */
export class Pantry {
  #table: Promise<Table> | undefined;
  #digits: Promise<Uint8Array> | undefined;

  /** The person's own table, which is read here and goes nowhere else. @throws TableError */
  takeTable(file: Blob): Promise<Table> {
    return (this.#table = readTableFile(file));
  }

  /** @throws Error when no table was taken. */
  async table(): Promise<Table> {
    if (!this.#table) throw new Error('This tab has not been given the table that the experiment is about.');
    return this.#table;
  }

  /**
   * The recipe that an experiment names, with its examples.
   * @throws RangeError, TableError when this tab can take no part in it: it says why.
   */
  async open(hyperparameters: Readonly<Record<string, unknown>>): Promise<OpenRecipe> {
    if (requireRecipe(hyperparameters) === 'digits') return openDigits(await this.#fetchDigits());
    return openCsv(await this.table(), readPlan(hyperparameters));
  }

  #fetchDigits(): Promise<Uint8Array> {
    this.#digits ??= fetchBytes(digitsUrl).catch((error: unknown) => {
      this.#digits = undefined;
      throw error;
    });
    return this.#digits;
  }
}

async function fetchBytes(url: string): Promise<Uint8Array> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`The digits could not be fetched (${response.status}).`);
  return new Uint8Array(await response.arrayBuffer());
}
