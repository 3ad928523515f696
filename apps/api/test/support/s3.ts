import { startFauxqs } from 'fauxqs';

export interface S3Server {
  /** What a server needs in its environment to keep its models in the bucket. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

export const BUCKET = 'models';

/** An S3 server in this process with one empty bucket. It takes any credentials. */
export async function startS3({ port = 0, storedIn }: { readonly port?: number; readonly storedIn?: string } = {}): Promise<S3Server> {
  const server = await startFauxqs({ host: '127.0.0.1', port, logger: false, init: { buckets: [BUCKET] }, ...(storedIn && { dataDir: storedIn }) });
  return {
    env: {
      STORAGE_URL: `s3://${BUCKET}/some/prefix`,
      S3_ENDPOINT: `http://127.0.0.1:${server.port}`,
      S3_PATH_STYLE: '1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    },
    stop: () => server.stop(),
  };
}
