import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually } from '@vergeai/testkit';
import { expect, it } from 'vitest';
import { MODEL, world } from './support/world.js';

const readme = fileURLToPath(new URL('../README.md', import.meta.url));

it('what the README tells to type works, in its order', { timeout: 120_000 }, async () => {
  const lines = [...(await readFile(readme, 'utf8')).matchAll(/^```sh\n(.*?)^```/gms)].flatMap(([, block]) => block!.split('\n')).map((line) => line.replace(/ +# .*/, '').trim());
  const typed = lines.filter((line) => /^(verge|for) /.test(line));
  expect(typed.length).toBeGreaterThan(7);

  await using here = await world({ VERGEAI_API_KEY: '', VERGEAI_BASE_URL: '' });
  await writeFile(path.join(here.folder, 'key'), here.key);
  await writeFile(path.join(here.folder, 'model.safetensors'), JSON.stringify(MODEL));
  await writeFile(path.join(here.folder, 'train.mjs'), 'export default ({ model, report }) => { report({ loss: 0.5 }); return { model }; };\n');
  let stop = () => {};
  let inBackground: Promise<unknown> = Promise.resolve();
  for (const line of typed) {
    const real = line.replace('http://127.0.0.1:3000', here.url).replace(/^(verge login \S+)$/, '$1 --with-key < key');
    if (line.startsWith('verge device run')) {
      const ended = here.verge(line.split(' ').slice(1), { started: (child) => (stop = () => void child.kill('SIGTERM')) });
      inBackground = ended;
      const [project] = (await here.client.Project.list()).body.data;
      await eventually('the devices', async () => (await here.client.Device.list({ project_id: project!.project_id, presence: 'online' })).body.data.length === 2);
      continue;
    }
    const { code, stderr } = await here.shell(real);
    expect(code, `${line}\n${stderr}`).toBe(0);
  }
  stop();
  await inBackground;
});
