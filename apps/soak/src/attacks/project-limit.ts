import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startPostgres, startServer } from '@vergeai/testkit';
import { json } from '../wire/call.js';
import { onServer, tally, type Attack } from './attack.js';
import { clientOf, outcome } from './client.js';

const FITS = 40;

export const projectLimit = (rounds = 10, uploads = 200): Attack => ({
  name: 'project-limit',
  what: `${uploads} models at once on two servers, ${rounds} times, for a project that has room for ${FITS}`,
  async run(say) {
    const folder = await mkdtemp(path.join(tmpdir(), 'vergeai-attack-'));
    const postgres = await startPostgres();
    const env = { DATABASE_URL: await postgres.createDatabase(), DATABASE_ALLOW_UNSAFE_FSYNC: '1', STORAGE_URL: `file:${folder}/blobs`, SECRET_KEY: 'the-same-secret-for-both-servers-0123456789' };
    const second = await startServer({ env });
    try {
      const attack = onServer(async (first) => {
        const violations: string[] = [];
        const clients = [first, second].map(clientOf);
        const seen: string[] = [];
        for (let round = 0; round < rounds; round++) {
          const { project_id } = await clients[0]!.made('project/create', { project_name: 'Limited' });
          const experiments = await Promise.all(Array.from({ length: uploads }, (_, n) => clients[n % 2]!.made('experiment/create', { project_id })));
          const model = { w: [1, 2, 3, 4] };
          const bytes = JSON.stringify(model).length;
          await clients[0]!.made('project/limit_storage', { project_id, max_bytes: FITS * bytes + bytes - 1 });
          const replies = await Promise.all(experiments.map(({ ID }, n) => clients[n % 2]!.post('experiment/submit_start_model', { project_id, experiment_id: ID, model })));
          const outcomes = replies.map(outcome);
          seen.push(...outcomes);
          for (const each of new Set(outcomes)) if (!['204', '507 project_storage_full', '503 busy'].includes(each)) violations.push(`A model was answered: ${each}.`);
          const taken = outcomes.filter((each) => each === '204').length;
          const { stored_bytes } = json((await clients[1]!.get(`/v1/project/storage/${project_id}`))!);
          if (taken > FITS || stored_bytes !== taken * bytes) violations.push(`${taken} models of ${bytes} bytes were taken, ${FITS} fit, and ${String(stored_bytes)} bytes are counted.`);
        }
        say(tally(seen));
        return violations;
      }, { env });
      return await attack(say);
    } finally {
      await second.stop();
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    }
  },
});
