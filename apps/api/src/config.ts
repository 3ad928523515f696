import path from 'node:path';
import { z } from 'zod';
import { isServerMade } from './access/api-key.js';

const MiB = 1024 * 1024;

/** A whole number from the environment; `0` means "no limit" where `unlimited` is given. */
const wholeNumber = (fallback: number, min: number, max = Number.MAX_SAFE_INTEGER) =>
  z
    .string()
    .regex(/^\d+$/, `must be a whole number, ${min} or more`)
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be from ${min} to ${max}`)
    .default(fallback);

const limit = (fallback: number) =>
  wholeNumber(fallback, 0).transform((value) => (value === 0 ? Number.POSITIVE_INFINITY : value));

const httpUrl = (sentence: string) => z.url({ protocol: /^https?$/, error: sentence });

/** Links are made by adding to it, so nothing may stand after the path. */
const publicUrl = httpUrl('must be a URL that starts with http:// or https://')
  .refine((url) => !/[?#]/.test(url), 'must not have a query or a fragment: links are made by adding a path to it')
  .transform((url) => url.replace(/\/+$/, ''));

const ORIGIN_SENTENCE = 'must be * or origins such as https://app.example.com, without a path, separated by commas';

/** Compared with what a browser sends, which has no path and no slash at the end. */
const corsOrigin = httpUrl(ORIGIN_SENTENCE)
  .refine((url) => URL.canParse(url) && new URL(url).href === `${new URL(url).origin}/`, ORIGIN_SENTENCE)
  .transform((url) => new URL(url).origin);

const S3_URL = /^s3:\/\/(?<bucket>[a-z\d][a-z\d.-]{1,61}[a-z\d])(?<prefix>(\/[\w-][\w.-]*)*)\/?$/;

/** Exported for the test that holds docs/settings.md to it. */
export const settings = z.object({
  PORT: wholeNumber(3000, 0, 65_535),
  HOST: z.string().min(1).default('127.0.0.1'),
  DATA_DIR: z.string().min(1).default('./data'),
  DATABASE_URL: z
    .string()
    .regex(/^(file:.+|postgres(ql)?:\/\/.+)/, 'must start with file: (SQLite) or postgres:// (PostgreSQL)')
    .optional(),
  DATABASE_POOL_SIZE: wholeNumber(10, 1, 1000),
  DATABASE_ALLOW_UNSAFE_FSYNC: z.enum(['0', '1'], 'must be 0 or 1').default('0'),
  STORAGE_URL: z
    .string()
    .regex(/^(file:[^?]+|s3:\/\/[^?]*)$/, 'must start with file: and name a folder, or with s3:// and name a bucket, without parameters')
    .refine((url) => url.startsWith('file:') || S3_URL.test(url), 'must be s3://bucket or s3://bucket/prefix, the prefix of letters, digits and -_./')
    .optional(),
  S3_ENDPOINT: httpUrl('must be a URL that starts with http:// or https://').optional(),
  S3_REGION: z.string().regex(/^[\w-]+$/, 'must be the name of a region, such as eu-central-1').optional(),
  S3_PATH_STYLE: z.enum(['0', '1'], 'must be 0 or 1').default('0'),
  S3_COPIES_BYTES: wholeNumber(1024 * MiB, 0),
  PUBLIC_URL: publicUrl.optional(),
  TRUST_PROXY: wholeNumber(0, 0, 16),
  CORS_ORIGINS: z
    .string()
    .transform((list) => list.split(',').map((origin) => origin.trim()).filter(Boolean))
    .pipe(z.array(z.union([z.literal('*'), corsOrigin], ORIGIN_SENTENCE)))
    .default([]),
  SECRET_KEY: z.string().min(32, 'must have 32 characters or more').optional(),
  BOOTSTRAP_API_KEY: z
    .string()
    .min(32, 'must have 32 characters or more')
    .max(512, 'must have 512 characters or fewer')
    .regex(/^[\x21-\x7e]+$/, 'must be printable ASCII without spaces, as it travels in a header')
    // A key that the server made says by its form under which id to look for it, and this one has none.
    .refine((key) => !isServerMade(key), 'must not be a key that a server made: take a random text of your own')
    .optional(),
  NEW_ADMIN_KEY: z.enum(['0', '1'], 'must be 0 or 1').default('0'),
  MAX_MODEL_BYTES: limit(2048 * MiB),
  MAX_JSON_MODEL_BYTES: limit(64 * MiB),
  MAX_MODEL_TENSORS: limit(10_000),
  MAX_PROJECT_BYTES: limit(0),
  MIN_FREE_BYTES: wholeNumber(256 * MiB, 0),
  MIN_UPLOAD_BYTES_PER_SEC: wholeNumber(1024, 0),
  MIN_UPLOAD_WINDOW_SEC: wholeNumber(15, 1, 3600),
  MAX_CONNECTIONS: limit(10_000),
  RATE_LIMIT_PER_KEY: limit(1000),
  RATE_LIMIT_PER_ADDRESS: limit(2000),
  MODEL_WORKERS: wholeNumber(2, 1, 64),
  WEB: z.enum(['0', '1'], 'must be 0 or 1').default('1'),
  ALLOW_HTTP_SIGN_IN: z.enum(['0', '1'], 'must be 0 or 1').default('0'),
  ROLE: z.enum(['all', 'api', 'worker'], 'must be all, api or worker').default('all'),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], 'must be trace, debug, info, warn, error, fatal or silent')
    .default('info'),
});

/** Models on disk. */
export interface FolderStorage {
  readonly kind: 'folder';
  readonly dir: string;
  readonly minFreeBytes: number;
}

/** Models in a bucket; credentials are found as AWS's tools find them. */
export interface S3Storage {
  readonly kind: 's3';
  readonly bucket: string;
  /** `''`, or it ends with a slash. */
  readonly prefix: string;
  /** undefined: that of AWS. */
  readonly endpoint: string | undefined;
  readonly region: string;
  readonly pathStyle: boolean;
  /** For what comes in and for local copies. */
  readonly dir: string;
  readonly minFreeBytes: number;
  readonly copiesBytes: number;
}

/** Everything an operator can decide, read once and checked. docs/settings.md has the same in prose. */
export interface Config {
  readonly host: string;
  readonly port: number;
  readonly dataDir: string;
  readonly database: { readonly url: string; readonly poolSize: number; readonly allowUnsafeFsync: boolean };
  readonly storage: FolderStorage | S3Storage;
  /** What tickets and signed links start with; undefined: the address it listens on. */
  readonly publicUrl: string | undefined;
  /** How many proxies in front are trusted to say who the client is and which host it asked for. */
  readonly trustProxy: number;
  readonly corsOrigins: readonly string[];
  /** Whether the dashboard's pages are shown, and people may sign in with a browser. */
  readonly web: boolean;
  /** Also where the way to a browser is neither encrypted nor within the machine. */
  readonly httpSignIn: boolean;
  readonly secretKey: string | undefined;
  readonly bootstrapApiKey: string | undefined;
  /** For whoever owns the machine and has lost the admin's key, or the secret. */
  readonly newAdminKey: boolean;
  readonly limits: {
    readonly modelBytes: number;
    readonly jsonModelBytes: number;
    readonly modelTensors: number;
    /** Of all models of a project together, where it has no limit of its own. */
    readonly projectBytes: number;
    /** A body that stays below this rate for one window is given up. */
    readonly upload: { readonly bytesPerSec: number; readonly windowSec: number };
    readonly connections: number;
    /** Requests per second, with bursts of twice as many. */
    readonly perKey: number;
    readonly perAddress: number;
  };
  readonly modelWorkers: number;
  /** `api` answers requests, `worker` does the background work, `all` both. */
  readonly role: 'all' | 'api' | 'worker';
  readonly logLevel: z.infer<typeof settings>['LOG_LEVEL'];
}

/** Why the server does not start, in a sentence for the person who starts it. */
export class SettingsError extends Error {}

/** Reads the environment. Throws a SettingsError that names every setting that makes no sense. */
export function readConfig(env: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const result = settings.safeParse(given);
  if (!result.success) {
    const faults = result.error.issues.map((issue) => `  ${String(issue.path[0])} ${issue.message}.`);
    throw new SettingsError(`The server can't start with these settings:\n${faults.join('\n')}\nSee docs/settings.md.`);
  }
  const set = result.data;
  if (set.ROLE !== 'all' && !set.DATABASE_URL?.startsWith('postgres'))
    throw new SettingsError(`ROLE=${set.ROLE} needs DATABASE_URL=postgres://…: on SQLite one process does everything.`);
  const dataDir = path.resolve(set.DATA_DIR);
  return {
    host: set.HOST,
    port: set.PORT,
    dataDir,
    database: {
      url: set.DATABASE_URL ?? `file:${path.join(dataDir, 'vergeai.db')}`,
      poolSize: set.DATABASE_POOL_SIZE,
      allowUnsafeFsync: set.DATABASE_ALLOW_UNSAFE_FSYNC === '1',
    },
    storage: storageOf(set, path.join(dataDir, 'blobs'), env),
    publicUrl: set.PUBLIC_URL,
    trustProxy: set.TRUST_PROXY,
    corsOrigins: set.CORS_ORIGINS,
    web: set.WEB === '1',
    httpSignIn: set.ALLOW_HTTP_SIGN_IN === '1',
    secretKey: set.SECRET_KEY,
    bootstrapApiKey: set.BOOTSTRAP_API_KEY,
    newAdminKey: set.NEW_ADMIN_KEY === '1',
    limits: {
      modelBytes: set.MAX_MODEL_BYTES,
      jsonModelBytes: set.MAX_JSON_MODEL_BYTES,
      modelTensors: set.MAX_MODEL_TENSORS,
      projectBytes: set.MAX_PROJECT_BYTES,
      upload: { bytesPerSec: set.MIN_UPLOAD_BYTES_PER_SEC, windowSec: set.MIN_UPLOAD_WINDOW_SEC },
      connections: set.MAX_CONNECTIONS,
      perKey: set.RATE_LIMIT_PER_KEY,
      perAddress: set.RATE_LIMIT_PER_ADDRESS,
    },
    modelWorkers: set.MODEL_WORKERS,
    role: set.ROLE,
    logLevel: set.LOG_LEVEL,
  };
}

function storageOf(set: z.infer<typeof settings>, blobs: string, env: Record<string, string | undefined>): Config['storage'] {
  const minFreeBytes = set.MIN_FREE_BYTES;
  const named = S3_URL.exec(set.STORAGE_URL ?? '')?.groups as { bucket: string; prefix: string } | undefined;
  if (!named) {
    for (const name of ['S3_ENDPOINT', 'S3_REGION'] as const) if (set[name] !== undefined) throw new SettingsError(`${name} is for models on S3 and needs STORAGE_URL=s3://….`);
    return { kind: 'folder', dir: set.STORAGE_URL ? path.resolve(set.STORAGE_URL.replace(/^file:(\/\/)?/, '')) : blobs, minFreeBytes };
  }
  return {
    kind: 's3',
    bucket: named.bucket,
    prefix: named.prefix && `${named.prefix.slice(1)}/`,
    endpoint: set.S3_ENDPOINT,
    region: set.S3_REGION ?? (env['AWS_REGION'] || 'us-east-1'),
    pathStyle: set.S3_PATH_STYLE === '1',
    dir: blobs,
    minFreeBytes,
    // Who aggregates nothing needs no copies.
    copiesBytes: set.ROLE === 'api' ? 0 : set.S3_COPIES_BYTES,
  };
}

/** Whether only this machine can reach an address. */
export const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
