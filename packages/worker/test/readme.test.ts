import { compileIn, packedApp, programsIn, startServer, type PackedApp, type PageProgram, type RunningServer } from '@vergeai/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const [page, tensorFlow, ...more] = await programsIn(new URL('../README.md', import.meta.url));

let app: PackedApp;
let server: RunningServer;
beforeAll(async () => {
  [app, server] = await Promise.all([packedApp('domain', 'sdk', 'worker'), startServer()]);
}, 120_000);
afterAll(async () => {
  await server.stop();
  await app[Symbol.asyncDispose]();
});

/** What a program prints, compiled and run in an empty project, but for what TensorFlow.js has to say of itself. */
async function told(program: PageProgram): Promise<string> {
  const file = await compileIn(app, program, import.meta.url);
  const { stdout, stderr } = await app.run(process.execPath, [file], { VERGEAI_BASE_URL: server.url, VERGEAI_API_KEY: server.key, NO_COLOR: '1' });
  expect(stderr.replace(/\n=+\nHi, looks like you are running TensorFlow\.js[^]*?\n=+\n/, '').trim()).toBe('');
  return stdout;
}

describe('the README of the package', () => {
  it('is a program from one device to four and beyond, which prints what it says', { timeout: 120_000 }, async () => {
    const text = await told(page!);
    expect(text).toMatch(/^Float64Array\(2\) \[ (2\.9|3\.0)\d*, -(1\.9|2\.0)\d* \]$/m);
    expect(text).toMatch(/│ 3 +│ \d/);
    expect(text).toMatch(/^\[ 1, 2, 3, 4 \] \[(\s+[\d.e-]+,?){4}\s+\]$/m);
    expect(text).toMatch(/^1( \d+\.\d{3}){10}$/m);
    expect(text.match(/made of 4 updates$/gm)).toHaveLength(4);
    expect(text).toMatch(/^rate 0\.6 \{ learning_rate: 0\.6 \} \{ loss: [\d.e-]+ \}\nrate 0\.2 .*\nrate 0\.02 /m);
    expect(text).toMatch(/^rate 0\.6 [\d.e-]+$/m);
    expect(text).toMatch(/^\[ \{ loss: [\d.e-]+ \}, \{ loss: [\d.e-]+ \} \]$/m);
    expect(text).toMatch(/^true$/m);
    expect(text).toMatch(/^Error: That is enough\.$/m);
  });

  it('has a program for TensorFlow.js, which runs as it stands', { timeout: 120_000 }, async () => {
    for (const name of ['backend-cpu', 'core', 'layers']) await app.link(`@tensorflow/tfjs-${name}`, import.meta.url);
    const losses = [...(await told(tensorFlow!)).matchAll(/loss: ([\d.e-]+)/g)].map(([, loss]) => Number(loss));
    expect(losses).toHaveLength(3);
    expect(losses.at(-1)).toBeLessThan(losses[0]!);
  });

  it('has no other TypeScript', () => {
    expect(more).toEqual([]);
  });
});

it('the README of the repository trains what it has submitted', { timeout: 120_000 }, async () => {
  const [whole, ...others] = await programsIn(new URL('../../../README.md', import.meta.url));
  expect(others).toEqual([]);
  const settings = /(?<=new VergeAI\()\{ apiKey: '[^']+', baseUrl: '[^']+' \}(?=\))/;
  expect(whole!.source).toMatch(settings);
  expect(await told({ ...whole!, source: whole!.source.replace(settings, '') })).toMatch(/size: '55'[^]*\nCOMPLETED\n$/);
});
