import { eventually, startPostgres } from '@vergeai/testkit';
import { NotHere, onServer, tally, type Attack } from './attack.js';
import { clientOf, outcome } from './client.js';

const ANSWERS_WITHIN_MS = 20_000;

export const frozenPostgresql = (rounds = 5, atOnce = 200): Attack => ({
  name: 'frozen-postgresql',
  what: `PostgreSQL stopped by SIGSTOP ${rounds} times, with ${atOnce} requests under way each`,
  async run(say) {
    if (process.platform !== 'linux') throw new NotHere('only Linux tells which processes PostgreSQL has');
    const postgres = await startPostgres();
    try {
      const attack = onServer(async (server) => {
        const client = clientOf(server);
        const { project_id } = await client.made('project/create', { project_name: 'Frozen' });
        const violations: string[] = [];
        for (let round = 0; round < rounds; round++) {
          postgres.signal('SIGSTOP');
          const asked = Array.from({ length: atOnce }, (_, n) => (n % 3 === 0 ? client.post('experiment/create', { project_id }) : n % 3 === 1 ? client.get(`/v1/project/get/${project_id}`) : client.get('/readyz')));
          const replies = await Promise.all(asked);
          const slowest = Math.max(...replies.map((reply) => reply?.tookMs ?? Number.POSITIVE_INFINITY));
          say(`frozen: ${tally(replies.map(outcome))}, the last after ${Math.round(slowest)} ms`);
          for (const each of new Set(replies.map(outcome))) if (each !== '503 busy') violations.push(`While PostgreSQL is frozen a request was answered: ${each}.`);
          if (slowest > ANSWERS_WITHIN_MS) violations.push(`An answer took ${Math.round(slowest)} ms.`);
          const alive = outcome(await client.get('/livez'));
          if (alive !== '200') violations.push(`While PostgreSQL is frozen /livez says ${alive}.`);
          postgres.signal('SIGCONT');
          const ready = await eventually('ready', async () => (await client.get('/readyz'))?.status === 200, 30_000).catch(() => false);
          if (!ready) violations.push('It did not become ready again within 30 s.');
          const made = outcome(await client.post('experiment/create', { project_id }));
          if (made !== '200') violations.push(`With PostgreSQL back an experiment was answered: ${made}.`);
        }
        return violations;
      }, { env: { DATABASE_URL: await postgres.createDatabase(), DATABASE_ALLOW_UNSAFE_FSYNC: '1' } });
      return await attack(say);
    } finally {
      postgres.signal('SIGCONT');
      await postgres.stop();
    }
  },
});
