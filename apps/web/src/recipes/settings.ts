import { shown } from './csv/table-error.js';
import type { Plan, PlannedColumn, Target } from './csv/plan.js';
import type { Settings } from './recipe.js';

export const RECIPES = ['digits', 'csv'] as const;
export type RecipeName = (typeof RECIPES)[number];

type Given = Readonly<Record<string, unknown>>;

/** The recipe that an experiment names, if this tab has it. */
export function recipeOf({ recipe }: Given): RecipeName | undefined {
  return RECIPES.find((name) => name === recipe);
}

/** @throws RangeError when this tab can take no part in such an experiment: it says why. */
export function requireRecipe(hyperparameters: Given): RecipeName {
  const name = recipeOf(hyperparameters);
  if (name) return name;
  const said = hyperparameters['recipe'];
  if (said === undefined) throw new RangeError('The experiment names no recipe: its hyperparameters have no “recipe”, so a tab does not know how to train it.');
  throw new RangeError(`The experiment names a recipe that this tab does not have${typeof said === 'string' ? `: ${shown(said)}` : ''}. It has ${RECIPES.join(' and ')}.`);
}

/** @throws RangeError for settings that no training can follow. */
export function readSettings({ learning_rate = 0.01, epochs = 1 }: Given): Settings {
  if (!isNumber(learning_rate) || learning_rate <= 0 || learning_rate > 10) throw new RangeError('The experiment’s learning_rate must be a number above 0, up to 10.');
  if (!isNumber(epochs) || !Number.isInteger(epochs) || epochs < 1 || epochs > 1000) throw new RangeError('The experiment’s epochs must be a whole number from 1 to 1,000.');
  return { learning_rate, epochs };
}

/** What an experiment says of the columns of a table. @throws RangeError when it does not. */
export function readPlan({ columns, target }: Given): Plan {
  if (!Array.isArray(columns) || columns.length === 0 || !columns.every(isPlannedColumn) || !isTarget(target)) {
    throw new RangeError('The experiment does not say which columns to learn from: its hyperparameters need “columns” and “target”, as this page writes them.');
  }
  return { columns, target };
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

function isPlannedColumn(value: unknown): value is PlannedColumn {
  const { name, mean, spread } = (value ?? {}) as Given;
  return typeof name === 'string' && isNumber(mean) && isNumber(spread) && spread > 0;
}

function isTarget(value: unknown): value is Target {
  const { name, classes } = (value ?? {}) as Given;
  if (classes === undefined) return isPlannedColumn(value);
  return typeof name === 'string' && Array.isArray(classes) && classes.length > 1 && classes.every((one) => typeof one === 'string');
}
