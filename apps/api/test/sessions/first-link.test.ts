import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.js';
import { prepareAdmin } from '../../src/start/first-start.js';
import { greeting } from '../../src/start/greeting.js';
import { signInLink } from '../../src/start/sign-in-link.js';
import { databases, send, startApi, type TestApi } from '../support/api.js';
import { signIn } from '../support/sign-in.js';
import { expectProblem } from '../support/uploads.js';

const codeIn = (link: string | undefined) => /^http:\/\/127\.0\.0\.1:3000\/sign-in#code=([\w-]{43})$/.exec(link ?? '')![1]!;

describe.each(databases)('the link that a start prints, on %s', (database) => {
  const withApi = (env: Record<string, string>, test: (api: TestApi) => Promise<void>) => async () => {
    const api = await startApi(database, { LOG_LEVEL: 'silent', ...env });
    try {
      await test(api);
    } finally {
      await api.close();
    }
  };
  /** What a start without BOOTSTRAP_API_KEY does to the database. */
  const restart = async ({ ctx }: TestApi, change: object = {}) => {
    const without = { ...ctx, config: { ...ctx.config, bootstrapApiKey: undefined, ...change } };
    return signInLink(without, await prepareAdmin(without), 'http://127.0.0.1:3000');
  };

  it(
    'signs the admin in, once, by BOOTSTRAP_API_KEY',
    withApi({}, async (api) => {
      const code = codeIn(await signInLink(api.ctx, undefined, 'http://127.0.0.1:3000'));
      const { headers } = await signIn(api, { code });
      expect((await send(api, 'GET', '/v1/auth/whoami', { headers })).body).toMatchObject({ user: { is_server_admin: true }, key: { key_id: 'bootstrap' } });
      expectProblem(await send(api, 'POST', '/v1/auth/create_session', { json: { code } }), 401, 'code_invalid');
    }),
  );

  it(
    'signs the admin in by the key that was made, at the first start and at later ones',
    withApi({}, async (api) => {
      for (const change of [{ newAdminKey: true }, {}]) {
        const { headers } = await signIn(api, { code: codeIn(await restart(api, change)) });
        expect((await send(api, 'GET', '/v1/auth/whoami', { headers })).body).toMatchObject({ user: { is_server_admin: true }, key: { label: 'NEW_ADMIN_KEY' } });
      }
    }),
  );

  it(
    'is not there where no key is at hand that counts',
    withApi({}, async (api) => {
      expect(await restart(api)).toBeUndefined();
      await writeFile(path.join(api.dataDir, 'admin-key'), 'vgu_wrong\n');
      expect(await restart(api)).toBeUndefined();
      await rm(path.join(api.dataDir, 'admin-key'));
      expect(await restart(api)).toBeUndefined();
    }),
  );

  it(
    'is not there where it cannot be kept, and the server starts all the same',
    withApi({}, async (api) => {
      const full = () => {
        throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
      };
      const ctx = { ...api.ctx, secrets: { ...api.ctx.secrets, hashSignInCode: full } };
      expect(await signInLink(ctx, undefined, 'http://127.0.0.1:3000')).toBeUndefined();
    }),
  );
});

describe('a greeting', () => {
  const started = { listensOn: 'http://127.0.0.1:3000', adminKey: { file: '/data/admin-key' }, link: 'http://127.0.0.1:3000/sign-in#code=abc' };

  it('shows the link, that it works once, and how to get another, without the key', () => {
    const said = greeting(readConfig({}), started);
    expect(said.split('\n')[0]).toBe('Listening on http://127.0.0.1:3000');
    expect(said).toContain('Open the dashboard     http://127.0.0.1:3000/sign-in#code=abc\n');
    expect(said).toContain('once, within a minute');
    expect(said).toContain(`curl -s -X POST http://127.0.0.1:3000/v1/auth/create_sign_in_code -H "Authorization: $(cat '/data/admin-key')"`);
    expect(greeting(readConfig({}), { ...started, adminKey: undefined })).toContain('-H "Authorization: $BOOTSTRAP_API_KEY"');
  });

  it('shows none where there is no dashboard, and nothing secret where others may read along', () => {
    expect(greeting(readConfig({}), { ...started, link: undefined })).not.toMatch(/dashboard|sign-in|create_sign_in_code/);
    expect(greeting(readConfig({ HOST: '0.0.0.0' }), { ...started, listensOn: 'http://0.0.0.0:3000' })).toBe('Listening on http://0.0.0.0:3000');
  });
});
