import { smallDisk } from '@vergeai/testkit';
import { NotHere, onServer, tally, type Attack } from './attack.js';
import { clientOf, outcome } from './client.js';

const MIB = 40;
const bulky = { text: 'y'.repeat(60_000) };

export const fullDisk = (rounds = 3): Attack => ({
  name: 'full-disk',
  what: `a disk of ${MIB} MiB filled by experiments to the last byte and made room on by deleting, ${rounds} times, with a restart after each`,
  async run(say) {
    const disk = await smallDisk(MIB);
    if (!disk) throw new NotHere('no small disk can be mounted (unshare -Urm, mount -t tmpfs)');
    try {
      const violations: string[] = [];
      for (let round = 0; round < rounds; round++) {
        const attack = onServer(async (server) => {
          const found: string[] = [];
          const client = clientOf(server);
          const { project_id } = await client.made('project/create', { project_name: 'Bulky' });
          const seen: string[] = [];
          while (!seen.at(-1)?.startsWith('507') && seen.length < 5_000) seen.push(outcome(await client.post('experiment/create', { project_id, hyperparameters: bulky })));
          disk.fill();
          for (let n = 0; n < 50; n++) seen.push(outcome(await client.post('experiment/create', { project_id, hyperparameters: bulky })));
          for (const each of new Set(seen)) if (each !== '200' && each !== '507 storage_full') found.push(`On a full disk an experiment was answered: ${each}.`);
          if (outcome(await client.get('/readyz')) !== '200') found.push('On a full disk it is not ready.');
          const deleted = outcome(await client.post('project/delete', { project_id }));
          if (deleted !== '200') found.push(`On a full disk a project was not deleted: ${deleted}.`);
          disk.empty();
          const again = await client.place().then(() => '200', String);
          if (again !== '200') found.push(`With room again nothing is taken: ${again}.`);
          say(`experiments: ${tally(seen)}; deleting: ${deleted}`);
          return found;
        }, { dataDir: `${disk.folder}/data`, under: disk.under });
        violations.push(...(await attack(say)));
      }
      return violations;
    } finally {
      await disk.remove();
    }
  },
});
