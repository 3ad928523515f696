import { Refusal } from '../refusal.js';
import { StorageOpenError } from './blob-store.js';

/** What is asked again after so long: a store that was away for a moment is back by then. */
const RETRY_AFTER_SEC = 5;

/** Of connections, and of names that are looked up. Files have other ones. */
const NETWORK_CODES = /^(ECONN|ENET|EHOST|EPIPE$|ETIMEDOUT$|ENOTFOUND$|EAI_|EPROTO$|CERT_|ERR_TLS|ERR_SSL|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/;
const NAMES = /^(TimeoutError|RequestTimeout|CredentialsProviderError|ProviderError|TokenProviderError)$/;

interface Failure {
  readonly name?: string;
  readonly code?: string;
  readonly message?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

export const statusOf = (error: unknown): number | undefined => (error as Failure).$metadata?.httpStatusCode;

/** How to refuse what failed because the store did: whoever asked may try again. Any other error stays what it is. */
export function asRefusal(error: unknown): unknown {
  if (error instanceof Refusal || !isOfStore(error)) return error;
  return new Refusal('busy', 'The store of models does not answer as it should. Nothing was changed; try again.', { retryAfterSec: RETRY_AFTER_SEC, cause: error });
}

function isOfStore(error: unknown): boolean {
  const { name = '', code = '' } = error as Failure;
  // The client puts one of these beside every answer that it could not use.
  return '$metadata' in (error as object) || '$response' in (error as object) || NETWORK_CODES.test(code) || NAMES.test(name);
}

/** The same at the start, in a sentence for the person who starts the server. */
export function asOpenError(error: unknown, { bucket, endpoint, region }: { readonly bucket: string; readonly endpoint: string | undefined; readonly region: string }): unknown {
  if (!isOfStore(error)) return error;
  return new StorageOpenError(sentenceFor(error as Failure, bucket, endpoint ?? `the S3 of ${region}`, region), { cause: error });
}

function sentenceFor(error: Failure, bucket: string, where: string, region: string): string {
  const { name = '', code = '', message = '' } = error;
  const status = statusOf(error);
  const said = [name === 'Error' ? code : name, message].filter(Boolean).join(': ');
  if (/^(CredentialsProviderError|ProviderError|TokenProviderError)$/.test(name))
    return `There are no credentials for the bucket ${bucket} of STORAGE_URL. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give them in another way that AWS's tools know.`;
  if (name === 'NoSuchBucket' || name === 'NotFound') return `The bucket ${bucket} of STORAGE_URL is not there (${where}). Make it, or name another one.`;
  if (name === 'AuthorizationHeaderMalformed' || name === 'PermanentRedirect' || name === 'IllegalLocationConstraintException' || status === 301)
    return `The bucket ${bucket} of STORAGE_URL is not in the region ${region} (${said}). Set S3_REGION to its region.`;
  if (status === 401 || status === 403)
    return `These credentials may not list, write and delete in the bucket ${bucket} of STORAGE_URL (${said}). Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and what they are allowed.`;
  if (status === undefined || status >= 500)
    return `The store of STORAGE_URL does not answer at ${where} (${said}). See that it runs, check S3_ENDPOINT, and start again.`;
  return `The bucket ${bucket} of STORAGE_URL can't be used (${said}). Check STORAGE_URL, S3_ENDPOINT and S3_PATH_STYLE.`;
}
