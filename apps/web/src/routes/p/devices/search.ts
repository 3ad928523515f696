import type { InputOf } from '@vergeai/sdk';
import type { EntryOf } from '../../../api/pages.js';
import { oneOfIn, textIn } from '../../../app/search.js';

export type Device = EntryOf<'device.list'>;

export const presences = ['online', 'late', 'offline', 'never'] as const satisfies readonly Device['presence'][];

export const presenceWords: Readonly<Record<Device['presence'], string>> = { online: 'Online', late: 'Late', offline: 'Offline', never: 'Never seen' };

/** Which devices somebody looks for. */
export interface DevicesSearch {
  readonly q?: string | undefined;
  readonly label?: string | undefined;
  readonly presence?: Device['presence'] | undefined;
  /** The one that is being changed. */
  readonly edit?: string | undefined;
}

export const readDevicesSearch = (search: Record<string, unknown>): DevicesSearch => ({
  q: textIn(search, 'q')?.slice(0, 200),
  label: textIn(search, 'label')?.slice(0, 50),
  presence: oneOfIn(search, 'presence', presences),
  edit: textIn(search, 'edit'),
});

/** The same as the API takes it. */
export function inputOf(project_id: string, { edit: _, ...search }: DevicesSearch): InputOf<'device.list'> {
  const given = Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined));
  return { project_id, limit: 100, ...given };
}

export const isFiltered = ({ q, label, presence }: DevicesSearch): boolean => [q, label, presence].some((one) => one !== undefined);

export const calledShort = ({ name, device_id }: Pick<Device, 'name' | 'device_id'>): string => name ?? device_id.slice(0, 8);

/** `gpu, lab 3` as the labels that it means. */
export const labelsIn = (text: string): string[] => [...new Set(text.split(',').map((label) => label.trim()).filter(Boolean))];
