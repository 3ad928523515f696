import { DatabaseOpenError, isFull, isUnavailable, MigrationError } from '@vergeai/db';
import { SettingsError } from '../config.js';
import { refusalForShortage } from '../refusal.js';
import { StorageOpenError } from '../storage/blob-store.js';

/** Why the server does not start: a sentence for the person who starts it, for the usual reasons; the whole error for the rest. */
export function startFailure(error: unknown): unknown {
  if (error instanceof SettingsError || error instanceof DatabaseOpenError || error instanceof MigrationError || error instanceof StorageOpenError) return error.message;
  const { message, path, syscall } = error as NodeJS.ErrnoException;
  if (syscall === 'listen' || syscall === 'getaddrinfo') return listenError(error);
  const shortage = isFull(error) ? 'storage_full' : refusalForShortage(error);
  if (shortage === 'storage_full') return `The disk is full${path ? `: there is no room left for ${path}` : ''}. Make some room, and start again.`;
  if (shortage) return `This machine has not enough left to start: ${message}. Raise its limits (ulimit -n, memory), and start again.`;
  if (isUnavailable(error)) return `The database went away during the start: ${message}. See that it runs and can be written, and start again.`;
  return error;
}

/** A sentence for every reason not to get the port. */
function listenError(error: unknown): string {
  const { code, syscall, address, port, hostname } = error as NodeJS.ErrnoException & { address?: string; port?: number; hostname?: string };
  if (syscall === 'getaddrinfo') return `HOST=${hostname} is no address and no name that can be looked up (${code}). Set HOST to an address of this machine, such as 127.0.0.1.`;
  if (code === 'EADDRINUSE') return `Port ${port} on ${address} is taken. Stop what uses it, or set PORT to another one (0 picks a free one).`;
  if (code === 'EACCES') return `This user may not listen on port ${port}. Set PORT to one above 1023.`;
  return `Can't listen on ${address ?? 'that address'}: ${code}. Check HOST and PORT.`;
}
