import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { ask } from '../../../api/ask.js';
import { CodeDisclosure } from '../../../code/code-disclosure.js';
import { shownRequest } from '../../../code/shown-request.js';
import { buttonClass, Button } from '../../../ui/button.js';
import { ErrorPanel } from '../../../ui/error-panel.js';
import { Notice } from '../../../ui/notice.js';
import { Skeleton } from '../../../ui/skeleton.js';
import { useTitle } from '../../../ui/title.js';
import { ComparisonChart } from './chart.js';
import { Controls } from './controls.js';
import { FinalsTable } from './finals-table.js';
import { ParamsTable } from './params-table.js';
import type { ComparisonSearch } from './search.js';
import styles from './page.module.css';

const route = getRouteApi('/in/p/$project/compare');

/** Experiments side by side: in what they differ, how they went, how they ended. */
export default function ComparePage() {
  useTitle('Compare');
  const { project } = route.useParams();
  const look = route.useSearch();
  const ids = look.ids?.split(',') ?? [];
  return (
    <div className={styles.page}>
      <div className={styles.head}>
        <h1>Compare</h1>
        <Link to="/p/$project/experiments" params={{ project }} search={{ selected: look.ids }} className={buttonClass}>
          Choose others
        </Link>
      </div>
      {ids.length < 2 ? (
        <Notice title="Choose two experiments or more">
          <p>Tick them in the list of experiments, up to twenty, and press Compare.</p>
        </Notice>
      ) : (
        <SideBySide project={project} ids={ids} look={look} />
      )}
    </div>
  );
}

function SideBySide({ project, ids, look }: { project: string; ids: readonly string[]; look: ComparisonSearch }) {
  const navigate = route.useNavigate();
  const [raised, raise] = useState<number>();
  const asked = { project_id: project, experiment_ids: ids.join() };
  const { data: first, error, refetch } = useQuery({ ...ask('project.compare', asked), placeholderData: keepPreviousData });
  const unaskedHas = look.metric === undefined || (first !== undefined && look.metric in (first.experiments[0]?.mean ?? {}));
  // A metric that is not among the first six is asked for by name.
  const named = { ...asked, names: look.metric?.replaceAll(/[\\,]/g, String.raw`\$&`) };
  const { data: other } = useQuery({ ...ask('project.compare', named), enabled: first !== undefined && !unaskedHas });
  const change = (part: ComparisonSearch) => void navigate({ search: { ...look, ...part }, replace: true, resetScroll: false });

  if (error && !first) return <ErrorPanel what="The comparison" error={error} again={() => void refetch()} />;
  if (!first) return <Skeleton lines={3} height="14rem" />;
  const names = Object.keys(first.experiments[0]!.mean);
  const metric = look.metric ?? names[0];
  const drawn = unaskedHas ? first : other;
  const shown = drawn ?? first;
  return (
    <>
      <section aria-labelledby="curves" className={styles.part}>
        <h2 id="curves">Curves</h2>
        {metric === undefined ? (
          <p className={styles.note}>None of them has a metric yet. Devices send them with their updates, such as a loss.</p>
        ) : (
          <>
            <Controls look={look} metric={metric} names={first.names} change={change} />
            {shown.experiments.some(({ thinned }) => thinned > 1) && <p className={styles.note}>Long curves are thinned; every outlier is among what is shown.</p>}
            {drawn ? <ComparisonChart experiments={drawn.experiments} metric={metric} look={look} raised={raised} /> : <Skeleton lines={1} height="20rem" />}
          </>
        )}
      </section>
      <section aria-labelledby="ends" className={styles.part}>
        <h2 id="ends">How each ended</h2>
        <FinalsTable
          project={project}
          experiments={shown.experiments}
          names={Object.keys(shown.experiments[0]!.mean)}
          raise={raise}
          remove={ids.length > 2 ? (experiment) => change({ ids: ids.filter((id) => id !== experiment).join() }) : undefined}
        />
      </section>
      <section aria-labelledby="params" className={styles.part}>
        <div className={styles.head}>
          <h2 id="params">Hyperparameters</h2>
          <Button aria-pressed={look.params === 'all'} onClick={() => change({ params: look.params === 'all' ? undefined : 'all' })}>
            Also those that are the same
          </Button>
        </div>
        <ParamsTable comparison={first} all={look.params === 'all'} />
      </section>
      <CodeDisclosure requests={[shownRequest('Compare the experiments', 'project.compare', { ...asked, ...(!unaskedHas && { names: named.names }) })]} />
    </>
  );
}
