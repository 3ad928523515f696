import type { DeviceNews } from './processes/messages.js';
import { bar, count, percent, type Screen } from './screen/screen.js';

const WIDTH = 24;
const DRAW_EVERY_MS = 80;

/** A bar for each device, drawn below what stays on the screen. */
export interface DeviceBoard {
  news(device: number, news: DeviceNews): void;
  clear(): void;
}

export interface ShownDevice {
  readonly labels: readonly number[];
  readonly digits: number;
}

export function deviceBoard(screen: Screen, jobs: number, devices: readonly ShownDevice[]): DeviceBoard {
  const latest: (DeviceNews | undefined)[] = devices.map(() => undefined);
  let drawnAt = 0;

  const row = ({ labels, digits }: ShownDevice, index: number): string => {
    const { sequence = 1, state = 'waiting', done = 0 } = latest[index] ?? {};
    const doing = state === 'training' ? percent(done) : state;
    return `  device ${index + 1}  ${`mostly ${labels.join(' ')}`.padEnd(13)} ${count(digits).padStart(5)} digits  ${`job ${sequence}`.padStart(`job ${jobs}`.length)}  ${bar(done, WIDTH)} ${doing}`;
  };

  return {
    news(device, news) {
      latest[device] = news;
      const now = performance.now();
      if (news.state === 'training' && now - drawnAt < DRAW_EVERY_MS) return;
      drawnAt = now;
      screen.live(['', ...devices.map(row)]);
    },
    clear: () => screen.live([]),
  };
}
