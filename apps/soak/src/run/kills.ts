import { setTimeout as pause } from 'node:timers/promises';
import type { Chance } from '../chance.js';
import type { Moment, World } from '../load/world.js';
import { disturb } from './disturb.js';
import type { Site } from './site.js';

/** When in a server's life it is to be killed. */
type Plan =
  | { readonly moment: 'start'; readonly afterMs: number }
  | { readonly moment: 'anywhere'; readonly afterRequests: number }
  | { readonly moment: Moment; readonly nth: number; readonly afterMs: number };

/** A life without the moment that was waited for ends all the same: after so many requests, or after so long. */
const MOST_REQUESTS = 90;
const LONGEST_LIFE_MS = 15_000;

const requests = async (world: World, count: number) => Promise.race([world.progress(count), pause(LONGEST_LIFE_MS, undefined, { ref: false })]);

export interface Faults {
  readonly count: number;
  /** Wall clocks are set and servers suspended as well. */
  readonly disturbed: boolean;
  /** Epoch milliseconds at which to begin nothing more. */
  readonly until: number;
}

export class Aim {
  #waiting: { moment: Moment; left: number; reached: () => void } | undefined;

  /** To be told of every moment that the load comes by. */
  readonly onMoment = (moment: Moment): void => {
    const { moment: wanted, left, reached } = this.#waiting ?? {};
    if (!this.#waiting || moment !== wanted) return;
    this.#waiting.left = left! - 1;
    if (this.#waiting.left <= 0) reached!();
  };

  /** Resolves at the `nth` such moment from now, or when `tired` does; tells whether it came. */
  async wait(moment: Moment, nth: number, tired: Promise<unknown>): Promise<boolean> {
    const came = new Promise<boolean>((resolve) => {
      this.#waiting = { moment, left: nth, reached: () => resolve(true) };
    });
    const result = await Promise.race([came, tired.then(() => false)]);
    this.#waiting = undefined;
    return result;
  }
}

/** Kills the server with -9 `count` times, each time somewhere else in its work, and starts it again on the same data. */
export async function killAgainAndAgain(site: Site, world: World, aim: Aim, chance: Chance, { count, disturbed, until }: Faults): Promise<number> {
  let killed = 0;
  let server = await site.start();
  while (killed < count && Date.now() < until && !site.broken && !world.fellOver) {
    const plan = nextPlan(chance, site.readyMs.at(-1) ?? 800);
    let moment: string = plan.moment;
    if (plan.moment === 'start') {
      await Promise.race([pause(plan.afterMs), server.ready]);
    } else {
      if ((await server.ready) === undefined) break;
      if (plan.moment === 'anywhere') await requests(world, plan.afterRequests);
      else if (await aim.wait(plan.moment, plan.nth, requests(world, MOST_REQUESTS))) await pause(plan.afterMs);
      else moment = 'anywhere';
      if (disturbed) await disturb(site, 0, moment, chance.of('disturbance', killed));
    }
    await site.kill(0, moment);
    killed++;
    server = await site.start();
  }
  if (disturbed) await site.setClock(0, 0, 'the end');
  return killed;
}

function nextPlan(chance: Chance, startMs: number): Plan {
  const moment = chance.weighted<Plan['moment']>([
    [8, 'start'],
    [15, 'anywhere'],
    [12, 'upload'],
    [12, 'register'],
    [10, 'submitted'],
    [22, 'aggregation'],
    [10, 'hand-over'],
    [7, 'cancel'],
    [4, 'create'],
  ]);
  if (moment === 'start') return { moment, afterMs: chance.between(0, startMs) };
  if (moment === 'anywhere') return { moment, afterRequests: chance.below(60) };
  // A moment is over within milliseconds; an aggregation takes some tens of them.
  const spreadMs = moment === 'aggregation' ? 40 : moment === 'hand-over' ? 10 : 15;
  return { moment, nth: 1 + chance.below(3), afterMs: chance.happens(0.3) ? 0 : chance.between(0, spreadMs) };
}
