import type { Context } from '../context/context.js';
import { bytes, duration } from '../output/cells.js';
import { shortText } from '../output/cell-text.js';
import { liveLine } from './live-line.js';

export interface TransferBar {
  readonly onProgress: (progress: { readonly loaded: number; readonly total: number | undefined }) => void;
  end(): void;
}

const WIDTH = 24;
const RATE_OVER_MS = 5000;

/** How far a transfer is, how fast, and how long it will take yet. `after` is said when all bytes have gone. */
export async function transferBar(context: Context, what: string, after: string): Promise<TransferBar> {
  const line = await liveLine(context);
  let recent: (readonly [at: number, loaded: number])[] = [];
  return {
    onProgress({ loaded, total }) {
      const now = performance.now();
      // An upload that is repeated begins again at 0.
      if ((recent.at(-1)?.[1] ?? 0) > loaded) recent = [];
      recent = [...recent.filter(([at]) => at > now - RATE_OVER_MS), [now, loaded]];
      if (total !== undefined && loaded >= total) return line.show(`${what}  ${shortText(bytes(total))}  ${after}`);
      const [first, since] = recent[0]!;
      const rate = now > first ? ((loaded - since) / (now - first)) * 1000 : 0;
      line.show([what, total === undefined ? shortText(bytes(loaded)) : bar(loaded / total), rate > 0 && `${shortText(bytes(Math.round(rate)))}/s`, rate > 0 && total !== undefined && `${shortText(duration((total - loaded) / rate))} left`].filter(Boolean).join('  '));
    },
    end: () => line.end(),
  };
}

/** `█████░░░░░ 50 %` */
const bar = (share: number): string => `${'█'.repeat(Math.round(share * WIDTH)).padEnd(WIDTH, '░')} ${Math.floor(share * 100)} %`;
