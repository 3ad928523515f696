import { APIError } from '@vergeai/sdk';

/** Refusals that are about one field, wherever it stands, without naming it. */
const fieldOf: Readonly<Record<string, string>> = {
  not_enough_devices: '/num_devices',
  unknown_devices: '/num_devices',
  strategy_needs_more_devices: '/num_devices',
  strategy_too_many_devices: '/num_devices',
};

/** What the server said of the field at a JSON pointer into a request's body, or of what is in it, in words. */
export function errorAt(error: unknown, field: string): string | undefined {
  const pointer = `/body${field}`;
  if (!(error instanceof APIError)) return undefined;
  const parts = error.errors.filter(({ path }) => path === pointer || path.startsWith(`${pointer}/`));
  if (parts.length > 0) return parts.map(({ path, message }) => (path === pointer ? message : `${inside(path.slice(pointer.length + 1))}: ${message}`)).join('; ');
  const about = error.code === undefined ? undefined : fieldOf[error.code];
  return error.errors.length === 0 && about !== undefined && field.endsWith(about) ? error.detail : undefined;
}

/** Pointers as people write paths: RFC 6901 escapes two letters. */
const inside = (pointer: string): string => pointer.split('/').map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~')).join(' › ');
