import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { pages } from '../../../../api/pages.js';
import { VirtualBody } from '../../../../rows/virtual-body.js';
import { ErrorPanel } from '../../../../ui/error-panel.js';
import { Skeleton } from '../../../../ui/skeleton.js';
import { DeviceRow } from './device-row.js';
import type { Standing } from './standings.js';
import table from '../../../../rows/table.module.css';

const COLUMNS = ['Device', 'State', 'Progress', 'Heard of', 'Examples', 'Metrics', 'What happened'] as const;

/** The devices of a job in the order in which they were drawn. */
export function Devices({ project: project_id, job_id, state }: { project: string; job_id: string; state: Standing | undefined }) {
  const { data, error, refetch, isPlaceholderData, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery({
    ...pages('job.devices', { project_id, job_id, limit: 1000, ...(state && { state }) }),
    placeholderData: keepPreviousData,
  });
  if (error && !data) return <ErrorPanel what="Its devices" error={error} again={() => void refetch()} />;
  if (!data) return <Skeleton lines={4} height="2.5rem" />;
  if (data.length === 0) return <p>{state === undefined ? 'No device has been drawn yet: they are when the job starts.' : 'No device stands so.'}</p>;
  const names = new Map(data.map(({ device_id, device_name }) => [device_id, device_name ?? device_id.slice(0, 8)]));
  return (
    <table className={table.table} aria-rowcount={data.length + 1} data-stale={isPlaceholderData || undefined}>
      <thead>
        <tr aria-rowindex={1}>
          {COLUMNS.map((name, index) => (
            <th key={name} scope="col" className={index > 2 && index < 6 ? table.wide : undefined}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <VirtualBody
        count={data.length}
        rowHeight={46}
        columns={COLUMNS.length}
        keyOf={(index) => data[index]!.device_id}
        more={hasNextPage && !isFetchingNextPage ? () => void fetchNextPage() : undefined}
        row={(index, measure) => <DeviceRow key={data[index]!.device_id} device={data[index]!} index={index} nameOf={(id) => names.get(id) ?? id.slice(0, 8)} measure={measure} />}
      />
    </table>
  );
}
