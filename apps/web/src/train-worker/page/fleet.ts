import { proxy } from 'comlink';
import { api } from '../../api/client.js';
import { currentSession, onSession } from '../../api/session.js';
import type { Place } from '../../recipes/recipe.js';
import type { News } from '../worker/device.js';
import { startThread, type Thread } from './start-thread.js';
import { isAtWork, setTabDevices, tabDevices, type Standing, type TabDevice } from './tab-devices.js';

export interface Plan {
  readonly projectId: string;
  readonly count: number;
  readonly difference: number;
  readonly table: Blob | undefined;
}

/** A tab's examples are others than those of the next tab. */
const seed = Math.trunc(Math.random() * 2 ** 31);

const threads = new Map<number, Thread>();
let isWatching = false;

/** Starts and stops the devices that this tab is. Wherever one goes in it, they live as long as the tab, or until they are stopped. */
export const fleet = {
  /** Makes this tab so many devices of a project, in the place of those that are over. */
  start({ projectId, count, difference, table }: Plan): void {
    watch();
    const atWork = tabDevices().filter(isAtWork);
    setTabDevices(atWork);
    const first = Math.max(0, ...atWork.map(({ number }) => number)) + 1;
    for (let device = 0; device < count; device++) begin({ projectId, number: first + device, place: { device, devices: count, difference, seed }, table });
  },

  /** Each after the job that it is at. */
  finish(): void {
    for (const { number, standing } of tabDevices().filter(isAtWork)) {
      if (standing !== 'starting') change(number, { standing: 'finishing' });
      void threads.get(number)?.roles.stopDevice('finish');
    }
  },

  /** At once: other devices are drawn in the place of these. */
  abandon(): void {
    for (const { number } of tabDevices().filter(isAtWork)) {
      change(number, { standing: 'finishing', sentence: 'Stopping…' });
      void threads.get(number)?.roles.stopDevice('abandon');
    }
  },
};

interface Beginning {
  readonly projectId: string;
  readonly number: number;
  readonly place: Place;
  readonly table: Blob | undefined;
}

function begin({ projectId, number, place, table }: Beginning): void {
  const name = `Browser tab, device ${number}`;
  const thread = startThread();
  threads.set(number, thread);
  setTabDevices([...tabDevices(), { number, projectId, name, standing: 'starting', deviceId: undefined, job: undefined, progress: undefined, updates: 0, sentBytes: 0, sentence: undefined }]);
  const run = thread.roles.beDevice({ projectId, name, place, table }, proxy((news: News) => hear(number, news)));
  const broke = thread.broken.then((sentence) => {
    throw new Error(sentence);
  });
  Promise.race([run, broke])
    .then(
      () => change(number, { standing: 'stopped', job: undefined, progress: undefined, sentence: undefined }),
      (error: unknown) => change(number, { standing: 'failed', job: undefined, progress: undefined, sentence: error instanceof Error ? error.message : String(error) }),
    )
    .finally(() => {
      thread.end();
      threads.delete(number);
    });
}

function hear(number: number, news: News): void {
  const device = tabDevices().find((one) => one.number === number);
  if (!device || !isAtWork(device)) return;
  // A device that is to stop says so, whatever it still does.
  const becomes = (standing: Standing) => (device.standing === 'finishing' ? 'finishing' : standing);
  switch (news.type) {
    case 'registered':
      return change(number, { deviceId: news.deviceId, standing: becomes('waiting') });
    case 'job':
      return change(number, { job: news.job, progress: undefined, sentence: undefined, standing: becomes('training') });
    case 'progress':
      return change(number, { progress: news.progress, sentBytes: news.sentBytes });
    case 'trained':
      return change(number, { standing: becomes('sending') });
    case 'ended':
      return change(number, { job: undefined, progress: undefined, sentBytes: news.sentBytes, updates: device.updates + Number(news.outcome === 'submitted'), standing: becomes('waiting') });
    case 'trouble':
      return change(number, { sentence: news.sentence });
  }
}

const change = (number: number, to: Partial<TabDevice>): void => setTabDevices(tabDevices().map((device) => (device.number === number ? { ...device, ...to } : device)));

/** Who leaves takes the devices along: somebody else is drawn at once, and not a minute later. */
function watch(): void {
  if (isWatching) return;
  isWatching = true;
  addEventListener('pagehide', leave);
  onSession(() => {
    if (currentSession().state === 'none') fleet.abandon();
  });
}

function leave(): void {
  for (const { number, projectId, deviceId } of tabDevices().filter(isAtWork)) {
    threads.get(number)?.end();
    threads.delete(number);
    if (deviceId !== undefined) giveUp(projectId, deviceId);
    change(number, { standing: 'stopped', job: undefined, progress: undefined, sentence: 'The page was left.' });
  }
}

/** As the page has the person's right and not the device's key, it takes the device away, which has it replaced. */
function giveUp(project_id: string, device_id: string): void {
  const { method, url, body = null } = api.describe('device.delete', { project_id, device_id });
  fetch(url, { method, body, keepalive: true, headers: { 'content-type': 'application/json', 'x-verge-session': '1' } }).catch(() => {});
}
