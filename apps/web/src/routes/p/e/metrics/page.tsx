import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { lazy } from 'react';
import { ask } from '../../../../api/ask.js';
import { ErrorPanel } from '../../../../ui/error-panel.js';
import { Late } from '../../../../ui/late.js';
import { Notice } from '../../../../ui/notice.js';
import { Skeleton } from '../../../../ui/skeleton.js';
import { useTitle } from '../../../../ui/title.js';
import { Controls } from './controls.js';
import { MetricChart } from './metric-chart.js';
import { MOST_CHARTS, type MetricsSearch } from './search.js';
import styles from './page.module.css';

/** Who looks at charts fetches no table, and the other way round. */
const MetricsTable = lazy(async () => ({ default: (await import('./metrics-table.js')).MetricsTable }));

const route = getRouteApi('/in/p/$project/e/$experiment/metrics');

/** What the devices measured, job after job. */
export default function MetricsPage() {
  useTitle('Metrics');
  const { project, experiment } = route.useParams();
  const look = route.useSearch();
  const navigate = route.useNavigate();
  const asked = { project_id: project, experiment_id: experiment, ...(look.names && { names: look.names }) };
  const { data: series, error, refetch } = useQuery({ ...ask('experiment.metric_series', asked), placeholderData: keepPreviousData });
  const change = (part: MetricsSearch) => void navigate({ search: { ...look, ...part }, replace: true, resetScroll: false });

  if (error && !series) return <ErrorPanel what="The metrics" error={error} again={() => void refetch()} />;
  if (!series) return <Skeleton lines={3} height="14rem" />;
  if (series.names.length === 0)
    return (
      <Notice title="No metric yet">
        <p>Devices send metrics with their updates, such as a loss. As soon as a job that has some is completed, each has its chart here.</p>
      </Notice>
    );
  const shown = Object.keys(series.metrics).slice(0, MOST_CHARTS);
  return (
    <section aria-labelledby="metrics" className={styles.page}>
      <h2 id="metrics">Metrics</h2>
      <Controls look={look} shown={shown} names={series.names} change={change} />
      {series.thinned > 1 && <p className={styles.note}>Thinned 1:{series.thinned}: of so many jobs about one is shown. Every outlier is among them.</p>}
      {look.as === 'table' ? (
        <Late fallback={<Skeleton lines={6} height="2.75rem" />}>
          <MetricsTable project={project} experiment={experiment} series={series} names={shown} />
        </Late>
      ) : (
        <>
          <p className={styles.note}>The line is the mean over the devices of a job, weighted by their examples; the band goes from p10 to p90. ✕ marks a job that made no model. ← and → go from job to job.</p>
          <div className={styles.charts}>
            {shown.map((name) => (
              <MetricChart key={name} series={series} name={name} look={look} />
            ))}
          </div>
        </>
      )}
    </section>
  );
}
