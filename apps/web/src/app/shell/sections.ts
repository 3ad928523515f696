import type { LinkProps } from '@tanstack/react-router';

/** What stands in the navigation of a project, in this order. `to` is the page's path; it takes no more than the project. */
export const sections: readonly { readonly to: NonNullable<LinkProps['to']>; readonly label: string }[] = [
  { to: '/p/$project', label: 'Overview' },
  { to: '/p/$project/experiments', label: 'Experiments' },
  { to: '/p/$project/train', label: 'Train here' },
  { to: '/p/$project/devices', label: 'Devices' },
  { to: '/p/$project/members', label: 'Members' },
  { to: '/p/$project/settings', label: 'Settings' },
];
