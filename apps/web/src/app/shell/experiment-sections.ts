import type { LinkProps } from '@tanstack/react-router';

/** What an experiment has besides its jobs, in this order. `to` is the page's path; it takes project and experiment. */
export const experimentSections: readonly { readonly to: NonNullable<LinkProps['to']>; readonly label: string }[] = [
  { to: '/p/$project/e/$experiment', label: 'Jobs' },
  { to: '/p/$project/e/$experiment/metrics', label: 'Metrics' },
  { to: '/p/$project/e/$experiment/models', label: 'Models' },
  { to: '/p/$project/e/$experiment/log', label: 'Log' },
];
