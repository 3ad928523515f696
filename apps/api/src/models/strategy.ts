import { completeStrategy, type StrategyRequest, type StrategySpec } from '@vergeai/domain';

/** What a job does when nobody says otherwise; its rows say nothing then. */
const fedAvg = completeStrategy('FedAvg');
const FED_AVG = JSON.stringify(fedAvg);

/** How the row of an experiment or a job is to be kept for what was asked for. */
export function strategyText(request: StrategyRequest): string | null {
  const text = JSON.stringify(completeStrategy(request));
  return text === FED_AVG ? null : text;
}

/** How an experiment or a job aggregates, with every default filled in. */
export const strategyOf = ({ aggregationStrategy: text }: { readonly aggregationStrategy: string | null }): StrategySpec => (text === null ? fedAvg : (JSON.parse(text) as StrategySpec));

/** The same for an answer. */
export const presentStrategy = (row: Parameters<typeof strategyOf>[0]): { type: string; [parameter: string]: unknown } => ({ ...strategyOf(row) });
