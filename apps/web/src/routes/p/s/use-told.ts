import { useEffect, useRef } from 'react';
import type { Sweep } from '../../../api/sweep.js';
import { number } from '../../../ui/number.js';
import { say } from '../../../ui/live-region.js';

/** Tells who reads by ear that a better value was reached, or that the sweep has ended, while they are here. */
export function useTold(sweep: Sweep | undefined): void {
  const before = useRef<Sweep>(undefined);
  useEffect(() => {
    const last = before.current;
    before.current = sweep;
    if (!sweep || last?.sweep_id !== sweep.sweep_id) return;
    const best = sweep.members[0]?.best;
    if (last.status === 'RUNNING' && sweep.status === 'COMPLETED') say(`The sweep is completed.${best ? ` The best ${sweep.metric} is ${number(best.value)}.` : ''}`);
    else if (best && best.value !== last.members[0]?.best?.value) say(`The best ${sweep.metric} is now ${number(best.value)}.`);
  }, [sweep]);
}
