import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { ask } from '../../api/ask.js';
import { useProject } from '../../api/project.js';
import { sections } from '../shell/sections.js';

export interface Choice {
  readonly key: string;
  readonly label: string;
  readonly kind: 'page' | 'action' | 'experiment';
  readonly go: () => void;
}

/** Experiments that are offered at most. */
const EXPERIMENTS = 8;

/** Where one can go: what fits `text`, pages first. Without a project these are the pages that need none. */
export function useChoices(project: string | undefined, text: string): readonly Choice[] {
  const navigate = useNavigate();
  const { mayWrite } = useProject(project ?? '', project !== undefined);
  const q = text.trim();
  const { data } = useQuery({ ...ask('experiment.list', { project_id: project ?? '', sort: 'updated', limit: EXPERIMENTS, ...(q !== '' && { q }) }), enabled: project !== undefined, placeholderData: keepPreviousData });
  const pages: Choice[] = [
    ...(project === undefined ? [] : sections.map(({ to, label }): Choice => ({ key: label, label, kind: 'page', go: () => void navigate({ to, params: { project } }) }))),
    ...(project !== undefined && mayWrite
      ? ([
          { key: 'new', label: 'New experiment', kind: 'action', go: () => void navigate({ to: '/p/$project/new', params: { project } }) },
          { key: 'new-sweep', label: 'New sweep', kind: 'action', go: () => void navigate({ to: '/p/$project/sweeps/new', params: { project } }) },
        ] as const)
      : []),
    { key: 'projects', label: 'Projects', kind: 'page', go: () => void navigate({ to: '/' }) },
    { key: 'keys', label: 'Keys', kind: 'page', go: () => void navigate({ to: '/keys' }) },
  ];
  const experiments = (project === undefined ? undefined : data?.data) ?? [];
  return [
    ...pages.filter(({ label }) => label.toLowerCase().includes(q.toLowerCase())),
    ...experiments.map(({ experiment_id, name }): Choice => ({
      key: experiment_id,
      label: name ?? experiment_id.slice(0, 8),
      kind: 'experiment',
      go: () => void navigate({ to: '/p/$project/e/$experiment', params: { project: project!, experiment: experiment_id } }),
    })),
  ];
}
