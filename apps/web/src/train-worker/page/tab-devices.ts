import { useSyncExternalStore } from 'react';
import type { Progress } from '../../recipes/recipe.js';
import type { JobAt } from '../worker/device.js';

export type Standing = 'starting' | 'waiting' | 'training' | 'sending' | 'finishing' | 'stopped' | 'failed';

/** A device that this tab is. */
export interface TabDevice {
  /** Of the tab, from 1. */
  readonly number: number;
  readonly projectId: string;
  readonly name: string;
  readonly standing: Standing;
  readonly deviceId: string | undefined;
  readonly job: JobAt | undefined;
  readonly progress: Progress | undefined;
  /** Of these so many were taken by the server. */
  readonly updates: number;
  readonly sentBytes: number;
  /** What went wrong last, or why it stopped. */
  readonly sentence: string | undefined;
}

let devices: readonly TabDevice[] = [];
const listeners = new Set<() => void>();

/** The devices that this tab is. What starts and stops them is fleet.ts, which pages that train bring along. */
export const tabDevices = (): readonly TabDevice[] => devices;

export function setTabDevices(next: readonly TabDevice[]): void {
  devices = next;
  for (const tell of listeners) tell();
}

export const isAtWork = ({ standing }: TabDevice): boolean => standing !== 'stopped' && standing !== 'failed';

function subscribe(tell: () => void): () => void {
  listeners.add(tell);
  return () => listeners.delete(tell);
}

/** The devices that this tab is; of one project, where it is given. */
export function useTabDevices(projectId?: string): readonly TabDevice[] {
  const all = useSyncExternalStore(subscribe, tabDevices);
  return projectId === undefined ? all : all.filter((device) => device.projectId === projectId);
}
