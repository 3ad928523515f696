import { Busboy } from '@fastify/busboy';
import type { Request } from 'express';
import type { Readable } from 'node:stream';
import { Refusal } from '../../refusal.js';

/** A multipart form whose file begins to arrive. */
export interface Form {
  /** What stood before the file: fields that come after the bytes come too late, however small the form. */
  readonly fields: Readonly<Record<string, string>>;
  /**
   * Hands the file's bytes to `stage` and waits for the form to end; if it does not, what was staged is discarded.
   * Throws a Refusal: `invalid_request`, `incomplete_body`, or as `stage` does.
   */
  take<T extends { discard(): Promise<void> }>(stage: (file: Readable) => Promise<T>): Promise<T>;
}

/**
 * Reads a multipart form up to the bytes of its last part, `file`.
 * Throws a Refusal: `unsupported_media_type`, `invalid_request`, `incomplete_body`.
 */
export async function openForm(req: Request): Promise<Form> {
  if (!req.is('multipart/form-data')) throw new Refusal('unsupported_media_type', 'Send the ticket and the file as multipart/form-data, or PUT the bytes.');
  const { untilFile, ended, isFault } = follow(req);
  const { fields, file } = await untilFile;
  return {
    fields,
    async take(stage) {
      const staged = await stage(file).catch((error: unknown) => {
        throw isFault(error) ? new Refusal('incomplete_body', 'The form ends in the middle of the file.', { cause: error }) : error;
      });
      try {
        await ended;
      } catch (error) {
        await staged.discard();
        throw new Refusal('invalid_request', 'The form ends before its last boundary.', { cause: error });
      }
      return staged;
    },
  };
}

/** Follows a multipart body up to its file, and then to its end. */
function follow(req: Request) {
  const parser = newParser(req);
  const fields: Record<string, string> = Object.create(null) as Record<string, string>;
  let fileFault: unknown;
  parser.on('field', (name, value) => {
    fields[name] = value;
  });
  /** Whatever ends the form too early. The parser may have more than one thing to say about that. */
  const broken = new Promise<never>((_, reject) => {
    parser.on('error', (error) => reject(new Refusal('invalid_request', 'The form is not valid multipart/form-data.', { cause: error })));
    req.once('close', () => !req.complete && reject(new Refusal('incomplete_body')));
  });
  const untilFile = new Promise<{ fields: Record<string, string>; file: Readable }>((resolve, reject) => {
    parser.on('file', (name, file) => {
      // Nobody may be reading it when the form breaks: an upload that was refused by then.
      file.on('error', (error) => {
        fileFault = error;
      });
      if (name === 'file') return resolve({ fields: { ...fields }, file });
      file.resume();
      reject(new Refusal('invalid_request', 'The bytes must be in the part named "file".'));
    });
    parser.once('finish', () => reject(new Refusal('invalid_request', 'The form has no part named "file".')));
    broken.catch(reject);
  });
  const ended = Promise.race([new Promise<void>((resolve) => parser.once('finish', resolve)), broken]);
  ended.catch(() => {});
  // A connection that breaks has to break the file too, or its reader would take what came for all there is.
  untilFile.then(
    ({ file }) => req.once('close', () => !req.complete && file.destroy(new Refusal('incomplete_body'))),
    () => {},
  );
  req.pipe(parser);
  return { untilFile, ended, isFault: (error: unknown) => error === fileFault && !(error instanceof Refusal) };
}

function newParser(req: Request) {
  try {
    return new Busboy({
      headers: { ...req.headers, 'content-type': req.headers['content-type']! },
      limits: { fields: 20, fieldSize: 8 * 1024, files: 1, parts: 21 },
      fileHwm: 1024 * 1024,
    });
  } catch (error) {
    throw new Refusal('invalid_request', 'The form has no boundary.', { cause: error });
  }
}
