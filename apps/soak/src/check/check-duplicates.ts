import type { Asked, Operation } from '../journal.js';
import type { Check, Evidence } from './evidence.js';

interface Count {
  done: number;
  open: number;
}

export const checkDuplicates: Check = {
  promise: 'Nothing is done twice: however often a write was sent again, there is one of what it asked for',
  *run(evidence) {
    if (evidence.journal.some(({ what }) => what === 'others')) return;
    const count = counter(evidence);
    const { tables } = evidence;
    yield* compare('projects', tables.Project.length + deletedProjects(evidence), count(['project.create'], () => true));
    for (const { id } of tables.Project) {
      const here = ({ project }: Asked) => project === id;
      yield* compare(`experiments of project ${id}`, tables.Experiment.filter(({ projectId }) => projectId === id).length, count(['experiment.create', 'experiment.fork'], here));
      yield* compare(`devices of project ${id}`, tables.Device.filter(({ projectId }) => projectId === id).length, count(['device.create'], here));
    }
    for (const { id } of tables.Experiment) {
      yield* compare(`jobs of experiment ${id}`, tables.Job.filter(({ experimentId }) => experimentId === id).length, count(['job.create', 'job.retry'], ({ experiment }) => experiment === id));
    }
    const seen = new Map<string, number>();
    for (const entry of evidence.journal) {
      if (entry.what !== 'done' || !['job.create', 'job.retry', 'experiment.create', 'experiment.fork', 'device.create', 'project.create'].includes(entry.op)) continue;
      const made = entry.job ?? entry.device ?? entry.experiment ?? entry.project!;
      if (seen.has(made)) yield `${entry.op}: two different requests were both answered with ${made}.`;
      seen.set(made, entry.id);
    }
  },
};

/** How many were acknowledged, and for how many nobody ever learnt the answer. */
function counter({ journal }: Evidence) {
  const settled = new Map<number, 'done' | 'refused' | 'unsure'>();
  for (const entry of journal) {
    if (entry.what === 'done') settled.set(entry.id, 'done');
    if (entry.what === 'refused') settled.set(entry.id, entry.sure ? 'refused' : 'unsure');
  }
  return (ops: readonly Operation[], belongs: (asked: Asked) => boolean): Count => {
    const counted = { done: 0, open: 0 };
    for (const entry of journal) {
      if (entry.what !== 'asked' || !ops.includes(entry.op) || !belongs(entry)) continue;
      const how = settled.get(entry.id);
      if (how === 'done') counted.done++;
      else if (how !== 'refused') counted.open++;
    }
    return counted;
  };
}

/** Projects that a deletion, confirmed or not, has taken away. */
function deletedProjects({ journal, tables }: Evidence): number {
  const there = new Set(tables.Project.map(({ id }) => id));
  const asked = new Set(journal.flatMap((entry) => (entry.what === 'asked' && entry.op === 'project.delete' ? [entry.project!] : [])));
  return [...asked].filter((id) => !there.has(id)).length;
}

function* compare(what: string, found: number, { done, open }: Count): Iterable<string> {
  if (found < done) yield `There are ${found} ${what} and ${done} were acknowledged.`;
  if (found > done + open) yield `There are ${found} ${what}; ${done} were acknowledged, and only ${open} requests went unanswered.`;
}
