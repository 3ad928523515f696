import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { MOST_COMPARED } from '../../../api/most-compared.js';
import { pages } from '../../../api/pages.js';
import { useProject } from '../../../api/project.js';
import { Button, buttonClass } from '../../../ui/button.js';
import { ErrorPanel } from '../../../ui/error-panel.js';
import { Notice } from '../../../ui/notice.js';
import { Skeleton } from '../../../ui/skeleton.js';
import { useTitle } from '../../../ui/title.js';
import { Chosen } from './chosen.js';
import { Columns, shownColumns } from './columns.js';
import { Filters } from './filters.js';
import { NoExperiments } from './no-experiments.js';
import { inputOf, isFiltered, type ExperimentsSearch } from './search.js';
import { ExperimentTable } from './table.js';
import styles from './page.module.css';

const route = getRouteApi('/in/p/$project/experiments');

export default function ExperimentsPage() {
  useTitle('Experiments');
  const { project } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { mayWrite } = useProject(project);
  const change = (changes: ExperimentsSearch) => void navigate({ search: (before) => ({ ...before, ...changes }), replace: true, resetScroll: false });
  const { data, error, refetch, isPlaceholderData, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery({
    ...pages('experiment.list', inputOf(project, search)),
    select: ({ pages: answers }) => ({ rows: answers.flatMap((answer) => answer.data), total: answers[0] && 'total' in answers[0] ? Number(answers[0].total) : 0 }),
    // The table stays while another one is on its way.
    placeholderData: keepPreviousData,
  });
  const chosen = search.selected?.split(',') ?? [];
  const choose = (id: string) => change({ selected: (chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id].slice(0, MOST_COMPARED)).join() || undefined });
  const columns = shownColumns(search, data?.rows ?? []);

  return (
    <>
      <div className={styles.head}>
        <h1>Experiments</h1>
        {data && <p role="status" className={styles.total}>{data.total === 1 ? '1 experiment' : `${data.total.toLocaleString('en')} experiments`}</p>}
        {mayWrite && (
          <Link to="/p/$project/new" params={{ project }} search={{}} className={`${buttonClass} ${styles.new}`}>
            New experiment
          </Link>
        )}
      </div>
      <Filters search={search} change={change}>
        <Columns columns={columns} rows={data?.rows ?? []} change={change} />
      </Filters>
      <Chosen project={project} chosen={chosen} clear={() => change({ selected: undefined })} />
      {error && !data && <ErrorPanel what="The experiments" error={error} again={() => void refetch()} />}
      {!error && !data && <Skeleton lines={8} height="2.75rem" />}
      {data && data.rows.length === 0 && (isFiltered(search) ? <NothingFound clear={() => change({ q: undefined, tag: undefined, status: undefined, archived: undefined })} /> : <NoExperiments project={project} />)}
      {data && data.rows.length > 0 && (
        <ExperimentTable
          project={project}
          rows={data.rows}
          total={data.total}
          columns={columns}
          search={search}
          change={change}
          chosen={chosen}
          choose={choose}
          isStale={isPlaceholderData}
          more={hasNextPage && !isFetchingNextPage ? () => void fetchNextPage() : undefined}
        />
      )}
    </>
  );
}

const NothingFound = ({ clear }: { clear: () => void }) => (
  <Notice title="No experiment fits">
    <p>There are experiments, but none that you have filtered for.</p>
    <Button onClick={clear}>Clear filters</Button>
  </Notice>
);
