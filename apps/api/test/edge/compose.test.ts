import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readConfig, settings } from '../../src/config.js';
import { fileSettings } from '../../src/start/settings-from-files.js';

interface Service {
  readonly image?: string;
  readonly build?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, unknown>> | readonly string[];
  readonly read_only?: boolean;
  readonly stop_grace_period?: string;
  readonly ports?: readonly string[];
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: object;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
}

const root = new URL('../../../../', import.meta.url);
const { services, volumes, secrets } = parse(await readFile(new URL('compose.yaml', root), 'utf8'), { merge: true }) as Compose;
const servers = Object.values(services).filter(({ build }) => build !== undefined);
const page = await readFile(new URL('docs/container.md', root), 'utf8');

/** What AWS's own tools read for S3, and our server with them. */
const OF_AWS = ['AWS_SHARED_CREDENTIALS_FILE'];

describe('compose.yaml', () => {
  it('has two processes that answer requests and two that do the background work, each with a data folder of its own', () => {
    expect(servers.map(({ environment }) => environment!['ROLE']).sort()).toEqual(['api', 'api', 'worker', 'worker']);
    expect(new Set(servers.flatMap((server) => server.volumes)).size).toBe(servers.length);
    for (const server of servers) expect(server).toMatchObject({ read_only: true, stop_grace_period: '30s', volumes: [expect.stringMatching(/:\/data$/)] });
  });

  it('sets nothing but settings, and those to something that the server takes', () => {
    for (const { environment = {} } of servers) {
      expect(Object.keys(environment).filter((name) => !(name in settings.shape) && !fileSettings.includes(name) && !OF_AWS.includes(name))).toEqual([]);
      const secret = 'a-secret-of-more-than-32-characters';
      const config = readConfig({ ...environment, DATABASE_URL: 'postgres://verge:password@postgres:5432/verge', SECRET_KEY: secret, BOOTSTRAP_API_KEY: secret });
      expect(config.storage).toMatchObject({ kind: 's3', bucket: 'models', pathStyle: true });
    }
  });

  it('has every secret in a file, each of which is declared, used, and made in docs/container.md', () => {
    for (const [name, { environment = {}, secrets: given = [] }] of Object.entries(services)) {
      for (const [setting, value] of Object.entries(environment)) {
        if (/SECRET|PASSWORD|KEY|CREDENTIALS|DATABASE_URL/.test(setting)) expect([name, setting, value]).toEqual([name, expect.stringMatching(/_FILE$/), expect.stringMatching(/^\/run\/secrets\//)]);
        const file = /^\/run\/secrets\/(.+)$/.exec(value)?.[1];
        if (file !== undefined) expect(given, `${name} ${setting}`).toContain(file);
      }
      for (const secret of given) expect(secrets, name).toHaveProperty([secret]);
    }
    const used = Object.values(services).flatMap(({ secrets: given = [] }) => given);
    for (const [name, { file }] of Object.entries(secrets)) {
      expect(used).toContain(name);
      expect(page).toContain(`> ${file}`);
    }
  });

  it('names no volume and no service that is not there, and opens no port to others', () => {
    for (const [name, service] of Object.entries(services)) {
      for (const volume of service.volumes ?? []) expect(volumes, name).toHaveProperty([volume.split(':')[0]!]);
      const after = Array.isArray(service.depends_on) ? service.depends_on : Object.keys(service.depends_on ?? {});
      for (const other of after) expect(services, name).toHaveProperty([other]);
      for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:/);
      // A tag that says which, so that tomorrow's is the one that was tried.
      if (!service.build) expect(service.image, name).toMatch(/:\d/);
    }
  });
});
