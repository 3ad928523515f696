import { onServer, inLanes, tally, type Attack } from './attack.js';
import { clientOf, outcome } from './client.js';

/** Takes twenty times as much once it is parsed. */
const sparse = { x: Array.from({ length: 21_000 }, () => ({})) };

export const largeBodies = (count = 2_000): Attack => ({
  name: 'large-bodies',
  what: `${count} JSON bodies at their limit, 250 at once, for a server with a heap of 160 MB`,
  run: onServer(async (server, say) => {
    const client = clientOf(server);
    const { project_id } = await client.made('project/create', { project_name: 'Bodies' });
    const body = { project_id, hyperparameters: sparse };
    const seen = (await inLanes(250, count, () => client.post('experiment/create', body))).map(outcome);
    say(tally(seen));
    const violations = seen.filter((each) => each !== '200' && each !== '503 busy').map((each) => `A body at its limit was answered: ${each}.`);
    if (!seen.includes('200')) violations.push('None of the bodies was taken.');
    const ready = outcome(await client.get('/readyz'));
    if (ready !== '200') violations.push(`After it /readyz says ${ready}.`);
    return violations;
  }, { env: { NODE_OPTIONS: '--max-old-space-size=160' } }),
});
