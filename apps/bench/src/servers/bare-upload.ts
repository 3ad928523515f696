// What uploads are measured against: node:http piped into a file, hashed on the way, flushed to the disk.
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';

const folder = process.env['FOLDER']!;
let uploads = 0;

const server = createServer((req, res) => {
  receive(req).then(
    () => res.writeHead(204).end(),
    (error: unknown) => res.writeHead(500).end(String(error)),
  );
});

async function receive(req: IncomingMessage): Promise<string> {
  const hash = createHash('sha256');
  req.on('data', (chunk: Buffer) => hash.update(chunk));
  // `flush` is fsync before the file is closed.
  await pipeline(req, createWriteStream(path.join(folder, `upload-${++uploads}`), { flush: true }));
  return hash.digest('hex');
}

server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
