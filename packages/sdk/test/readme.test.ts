import { compileIn, packedApp, programsIn, startServer, type PackedApp, type RunningServer } from '@vergeai/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const [program, ...more] = await programsIn(new URL('../README.md', import.meta.url));

let app: PackedApp;
let server: RunningServer;
beforeAll(async () => {
  [app, server] = await Promise.all([packedApp('domain', 'sdk', 'worker'), startServer()]);
}, 120_000);
afterAll(async () => {
  await server.stop();
  await app[Symbol.asyncDispose]();
});

describe('the README of the package', () => {
  it('is one program, which compiles and prints what it says, in an empty project', { timeout: 120_000 }, async () => {
    expect(more).toEqual([]);
    const file = await compileIn(app, program!, import.meta.url);
    const { stdout, stderr } = await app.run(process.execPath, [file], { VERGEAI_BASE_URL: server.url, VERGEAI_API_KEY: server.key });
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^\{\n {2}statusCode: 204,\n {2}body: \{\n {4}ID: '[0-9a-f]{32}',/);
    expect(stdout).toMatch(/^\{ statusCode: 204, body: \{\} \}$/m);
    expect(stdout).toMatch(/size: '11'/);
    expect(stdout).toMatch(/^\{ w: \[ 0, 0 \] \}$/m);
    expect(stdout).toMatch(/^11 of 11 bytes$/m);
    expect(stdout).toMatch(/^COMPLETED \{ w: \[ 4\.39\d*, 4\.39\d* \] \}$/m);
    expect(stdout.match(/Z [0-9a-f]{64}$/gm)).toHaveLength(2);
    expect(stdout).toMatch(/^2 \{ loss: [\d.e-]+ \}\n0 [\d.e-]+\n1 /m);
    expect(stdout).toMatch(/^2 COMPLETED 1 [0-9a-f]{64}\n1 COMPLETED 1 [0-9a-f]{64}$/m);
    expect(stdout).toMatch(/^look at everything$/m);
    expect(stdout).toMatch(/^loss is [\d.e-]+, which reaches the threshold of 0\.0001$/m);
    expect(stdout).toMatch(/^\d+ [\d.e-]+ stopped$/m);
    expect(stdout).toMatch(/^3 null$/m);
    expect(stdout).toMatch(/^[0-9a-f]{32} \{ learning_rate: 0\.05 \} \{ loss: [\d.e-]+ \}$/m);
    expect(stdout).toMatch(/^Job [0-9a-f]{32} is still IN_PROGRESS after 1000 ms: 0 of 1 updates; waiting for/m);
    expect(stdout).toMatch(/^CANCELLED \w+/m);
    expect(stdout).toMatch(/^job_not_found 404 [\w-]{36}\ntrue$/m);
  });
});
