import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startServer } from '@vergeai/testkit';
import { describe, expect, it } from 'vitest';
import { settings } from '../../src/config.js';
import { nearSettings } from '../../src/start/near-settings.js';
import { fileSettings } from '../../src/start/settings-from-files.js';

const known = Object.keys(settings.shape);
const said = (...names: string[]) => nearSettings(Object.fromEntries(names.map((name) => [name, 'x'])));

describe('a name in the environment that is nearly a setting', () => {
  it.each([
    ['MAX_CONECTIONS', 'MAX_CONNECTIONS'],
    ['DATABASE_ULR', 'DATABASE_URL'],
    ['DATABASE_URI', 'DATABASE_URL'],
    ['database_url', 'DATABASE_URL'],
    ['DATABASEURL', 'DATABASE_URL'],
    ['PORTS', 'PORT'],
    ['CORS_ORIGIN', 'CORS_ORIGINS'],
    ['MAX_PROJECT_BYTE', 'MAX_PROJECT_BYTES'],
    ['MAX_BYTES_MODEL', 'MAX_MODEL_BYTES'],
    ['VERGE_PORT', 'PORT'],
    ['VERGEAI_DATA_DIR', 'DATA_DIR'],
    ['BOOTSTRAP_APIKEY', 'BOOTSTRAP_API_KEY'],
    ['SECRETKEY_FILE', 'SECRET_KEY_FILE'],
  ])('%s is told, with %s as what was probably meant', (name, meant) => {
    expect(said(name)).toEqual([`${name} is not a setting, so it does nothing. Is ${meant} meant? See docs/settings.md.`]);
  });

  it('is told for every setting with a letter left out, doubled, or swapped with the next', () => {
    for (const setting of known) {
      for (let at = 0; at < setting.length; at++) {
        const [before, letter, after] = [setting.slice(0, at), setting[at]!, setting.slice(at + 1)];
        for (const slip of [before + after, before + letter + letter + after, before + after.slice(0, 1) + letter + after.slice(1)]) {
          if (slip === setting || known.includes(slip)) continue;
          expect(said(slip), slip).toHaveLength(1);
          expect(said(slip)[0]).toContain(`Is ${setting} meant?`);
        }
      }
    }
  });

  it('is not told when what it is near to is set, when it is empty, and when it is a setting', () => {
    expect(said('DATABASE_URL', 'DATABASE_URI')).toEqual([]);
    expect(nearSettings({ PORTS: '' })).toEqual([]);
    expect(said(...known, ...fileSettings)).toEqual([]);
  });

  it('is not what shells, package managers, containers, build servers and other services put there', () => {
    const ordinary = `
      HOME USER LOGNAME SHELL PATH PWD OLDPWD TERM LANG LC_ALL LC_CTYPE TZ EDITOR VISUAL PAGER MAIL SHLVL HOSTNAME HOSTTYPE OSTYPE MACHTYPE DISPLAY TMPDIR TMP TEMP PS1 PS2
      IFS UID EUID PPID RANDOM COLUMNS LINES HISTFILE LS_COLORS SSH_AUTH_SOCK SSH_CLIENT SSH_CONNECTION SSH_TTY SUDO_USER SUDO_UID XDG_DATA_DIRS XDG_DATA_HOME XDG_RUNTIME_DIR
      XDG_SESSION_ID XDG_CONFIG_DIRS DBUS_SESSION_BUS_ADDRESS INVOCATION_ID JOURNAL_STREAM SYSTEMD_EXEC_PID NOTIFY_SOCKET LISTEN_FDS LISTEN_PID MAINPID _ http_proxy https_proxy
      HTTP_PROXY HTTPS_PROXY NO_PROXY no_proxy ALL_PROXY FTP_PROXY NODE_ENV NODE_OPTIONS NODE_PATH NODE_EXTRA_CA_CERTS NODE_VERSION NVM_DIR NVM_BIN INIT_CWD npm_config_cache
      npm_config_user_agent npm_lifecycle_event npm_package_name npm_config_host npm_config_port npm_execpath PNPM_HOME YARN_VERSION VERGE_NODE VERGEAI_API_KEY VERGEAI_BASE_URL
      PGHOST PGPORT PGUSER PGDATABASE PGPASSWORD PGDATA PGSSLMODE POSTGRES_DB POSTGRES_USER POSTGRES_PASSWORD POSTGRES_HOST DATABASE_HOST DATABASE_PORT DATABASE_NAME DATABASE_USER
      DATABASE_PASSWORD DB_HOST DB_PORT DB_URL REDIS_URL MYSQL_HOST MONGO_URL AWS_REGION AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_ROLE_ARN GOOGLE_APPLICATION_CREDENTIALS K_SERVICE
      K_REVISION DYNO WEB_CONCURRENCY RENDER FLY_APP_NAME RAILWAY_STATIC_URL KUBERNETES_PORT KUBERNETES_SERVICE_HOST KUBERNETES_SERVICE_PORT KUBERNETES_PORT_443_TCP_ADDR POD_NAME
      POD_IP HOST_IP HOST_NAME SERVICE_HOST SERVICE_PORT STORAGE_PORT STORAGE_SERVICE_HOST PUBLIC_PORT PUBLIC_IP PUBLIC_DIR CI GITHUB_TOKEN GITHUB_ACTIONS GITHUB_REF RUNNER_OS
      GITLAB_CI JENKINS_URL BUILD_ID BUILD_URL DOCKER_HOST COMPOSE_PROJECT_NAME container SECRET_ID API_KEY APP_KEY APP_URL BASE_URL SITE_URL LOG_FILE LOG_DIR LOG_FORMAT DEBUG VERBOSE
      OTEL_EXPORTER_OTLP_ENDPOINT PYTHONPATH VIRTUAL_ENV JAVA_HOME GOPATH CARGO_HOME RUST_LOG CUDA_VISIBLE_DEVICES LD_LIBRARY_PATH MALLOC_ARENA_MAX UV_THREADPOOL_SIZE ROLES_PATH
      PROFILE PROMPT host port role rvm_path fish_user_paths COLORTERM FORCE_COLOR NO_COLOR VSCODE_IPC_HOOK TERM_PROGRAM WINDOWID GDMSESSION MAX_OLD_SPACE_SIZE MEMORY_LIMIT`;
    expect(said(...ordinary.split(/\s+/).filter(Boolean))).toEqual([]);
  });
});

describe('a server that is given one', { timeout: 120_000 }, () => {
  it('warns with one line when it starts, and with one when it does not', async () => {
    const dataDir = await mkdtemp(path.join(tmpdir(), 'vergeai-near-'));
    try {
      const server = await startServer({ dataDir, env: { MAX_CONECTIONS: '5' } });
      await server.stop();
      const lines = server.output().split('\n').filter((line) => line.includes('MAX_CONECTIONS'));
      expect(lines).toHaveLength(1);
      expect(JSON.parse(lines[0]!)).toMatchObject({ level: 'warn', msg: 'MAX_CONECTIONS is not a setting, so it does nothing. Is MAX_CONNECTIONS meant? See docs/settings.md.' });
      const refused = await startServer({ dataDir, env: { ROLE: 'worker', DATABASE_ULR: 'postgres://127.0.0.1/x' } }).catch((error: unknown) => (error as Error).message);
      expect(refused).toMatch(/ROLE=worker needs DATABASE_URL=postgres:.*\nDATABASE_ULR is not a setting, so it does nothing\. Is DATABASE_URL meant\? See docs\/settings\.md\.$/);
    } finally {
      await rm(dataDir, { recursive: true, force: true });
    }
  });
});
