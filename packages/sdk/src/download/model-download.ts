import { limitsOf, type CallOptions } from '../call-options.js';
import type { Context } from '../context.js';
import { VergeAIError } from '../errors.js';
import { joined } from '../joined.js';
import { incrementalSha256, writeFile } from '../platform/node.js';
import type { StateDict } from '../state-dict.js';
import { openModel, requireSha256, type OpenedModel } from './open-model.js';
import { sha256Of } from './sha256.js';

/** How far a download is. */
export interface DownloadProgress {
  /** Bytes so far. */
  readonly loaded: number;
  /** All there are, when that is known. */
  readonly total: number | undefined;
}

/** What a download may decide for itself. */
export interface DownloadOptions extends Omit<CallOptions, 'idempotencyKey' | 'headers'> {
  /** Called whenever bytes have come. */
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  /** What the bytes must hash to, in hex; otherwise what the server announces. */
  readonly sha256?: string | undefined;
}

/**
 * A model that can be fetched, byte for byte as it was sent. Each method fetches it anew.
 *
 * A transfer that breaks off is resumed. Length and sha256 are compared with what the server announces; a
 * difference is an `IntegrityError`. (In browsers a `stream()` is compared by length alone.)
 * Otherwise they reject as every call does.
 */
export interface ModelDownload {
  /** The bytes as they come. The stream fails at its end if they were not those announced. */
  stream(options?: DownloadOptions): ReadableStream<Uint8Array>;
  /** All of them. */
  bytes(options?: DownloadOptions): Promise<Uint8Array<ArrayBuffer>>;
  /** The dictionary of tensors. Rejects with a VergeAIError when the model is in safetensors format. */
  json(options?: DownloadOptions): Promise<StateDict>;
  /** Writes a file (Node only): to a temporary one beside it, which takes the name once it is complete and checked. */
  toFile(path: string, options?: DownloadOptions): Promise<void>;
}

/** The model behind the link that `url` finds; `defaults` are the options of the call that found it. */
export function modelDownload(url: () => Promise<string>, defaults: CallOptions & DownloadOptions, { settings }: Context): ModelDownload {
  const open = async (options: DownloadOptions): Promise<OpenedModel> => {
    const link = await url();
    const { signal, timeoutMs, maxRetries, onProgress, sha256 } = { ...defaults, ...options };
    return openModel(link, { onProgress, sha256 }, limitsOf({ signal, timeoutMs, maxRetries }, settings), settings.fetch);
  };
  return {
    stream(options = {}) {
      // Opened when it is read; until then a link that fails must not count as a rejection that nobody handles.
      url().catch(() => {});
      let model: OpenedModel | undefined;
      return new ReadableStream<Uint8Array>(
        {
          async pull(controller) {
            model ??= await open(options);
            const next = await model.chunks.next();
            if (next.done) controller.close();
            else controller.enqueue(next.value);
          },
          cancel: () => model?.close(),
        },
        { highWaterMark: 0 },
      );
    },
    bytes: async (options = {}) => allBytes(await open(options)),
    async json(options = {}) {
      const model = await open(options);
      if (!/json/i.test(model.contentType)) {
        model.close();
        throw new VergeAIError(`The model is ${model.contentType || 'of no known type'}, not JSON; read it with bytes(), stream() or toFile().`);
      }
      return JSON.parse(new TextDecoder().decode(await allBytes(model))) as StateDict;
    },
    async toFile(path, options = {}) {
      const model = await open(options);
      try {
        await writeFile(path, model.chunks);
      } finally {
        model.close();
      }
    },
  };
}

async function allBytes({ chunks, sha256 }: OpenedModel): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  const bytes = joined(parts);
  if (!incrementalSha256()) requireSha256(sha256, await sha256Of(bytes));
  return bytes;
}
