import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { pages } from '../../../api/pages.js';
import { useProject } from '../../../api/project.js';
import { Button } from '../../../ui/button.js';
import { ErrorPanel } from '../../../ui/error-panel.js';
import { Notice } from '../../../ui/notice.js';
import { Skeleton } from '../../../ui/skeleton.js';
import { useTitle } from '../../../ui/title.js';
import { Filters } from './filters.js';
import { Register } from './register.js';
import { inputOf, isFiltered, type DevicesSearch } from './search.js';
import { DeviceTable } from './table.js';

const route = getRouteApi('/in/p/$project/devices');

/** What trains for the project: whether it is there, what it does, and how one more comes in. */
export default function DevicesPage() {
  useTitle('Devices');
  const { project } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { mayWrite } = useProject(project);
  const change = (changes: DevicesSearch) => void navigate({ search: (before) => ({ ...before, ...changes }), replace: true, resetScroll: false });
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery({ ...pages('device.list', inputOf(project, search)), placeholderData: keepPreviousData });
  return (
    <>
      <h1>Devices</h1>
      {mayWrite && <Register project={project} />}
      <Filters search={search} change={change} />
      {error && !data && <ErrorPanel what="The devices" error={error} again={() => void refetch()} />}
      {!error && !data && <Skeleton lines={6} height="2.75rem" />}
      {data?.length === 0 && (isFiltered(search) ? <NothingFound clear={() => change({ q: undefined, label: undefined, presence: undefined })} /> : <Notice title="No devices yet">{mayWrite ? <p>Register one above and run it where the data is, or make this tab one under “Train here”.</p> : <p>Whoever may write to the project can register some.</p>}</Notice>)}
      {data !== undefined && data.length > 0 && <DeviceTable project={project} devices={data} mayWrite={mayWrite} edited={search.edit} change={change} more={hasNextPage && !isFetchingNextPage ? () => void fetchNextPage() : undefined} />}
    </>
  );
}

const NothingFound = ({ clear }: { clear: () => void }) => (
  <Notice title="No device fits">
    <p>There may be devices, but none that you have filtered for.</p>
    <Button onClick={clear}>Clear filters</Button>
  </Notice>
);

