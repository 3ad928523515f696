import type { AnswerOf } from '../../../../api/ask.js';

export type Lineage = AnswerOf<'experiment.lineage'>;
export type Node = Lineage['nodes'][number];

/** By what the API means a model within its experiment: "start", or the id of the job that made it. */
export const pointOf = ({ job_id }: Node): string => job_id ?? 'start';

/** What a model is called by people. One of another experiment says of which. */
export function nameOf({ sequence, experiment_id, experiment_name }: Node, experiment: string): string {
  const name = sequence === null ? 'Start model' : `Model of job ${sequence}`;
  return experiment_id === experiment ? name : `${name} of ${experiment_name ?? experiment_id.slice(0, 8)}`;
}

/** The model from which one was trained or forked, where it is among those that were read. */
export function parentOf(node: Node, { nodes, edges }: Lineage): Node | undefined {
  const parent = edges.find(({ child }) => child === node.name)?.parent;
  return nodes.find(({ name }) => name === parent);
}

/** The experiment's own model by what a link says; without a word, its current one. */
export const chosenNode = ({ nodes }: Lineage, experiment: string, point: string | undefined): Node | undefined =>
  nodes.find((node) => node.experiment_id === experiment && (point === undefined ? node.is_current : pointOf(node) === point));
