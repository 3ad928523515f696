import type { LinkProps } from '@tanstack/react-router';

export interface Section {
  readonly to: NonNullable<LinkProps['to']>;
  readonly label: string;
  readonly letter: string;
}

/** What stands in the navigation of a project, in this order. `to` is the page's path; it takes no more than the project. `g` and the letter go there. */
export const sections: readonly Section[] = [
  { to: '/p/$project', label: 'Overview', letter: 'o' },
  { to: '/p/$project/experiments', label: 'Experiments', letter: 'e' },
  { to: '/p/$project/sweeps', label: 'Sweeps', letter: 'w' },
  { to: '/p/$project/train', label: 'Train here', letter: 't' },
  { to: '/p/$project/devices', label: 'Devices', letter: 'd' },
  { to: '/p/$project/members', label: 'Members', letter: 'm' },
  { to: '/p/$project/settings', label: 'Settings', letter: 's' },
];
