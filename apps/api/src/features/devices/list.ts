import type { Context } from '../../context.js';
import { deviceFacts } from '../../reading/device-facts.js';
import { findDevices, type DeviceFilter, type FoundDevice } from '../../reading/find-devices.js';
import { readCursor, writeCursor, type PageRequest } from '../../reading/page.js';

const SHOWN_AT_ONCE = 50;

/** The devices of a project, newest first, read as they are sent. */
export async function listDevices(ctx: Context, { project_id }: { project_id: string }, query: PageRequest & DeviceFilter) {
  const start = query.cursor === undefined ? undefined : readCursor(query.cursor);
  let next: string | null = null;
  async function* data() {
    let left = query.limit;
    let last: FoundDevice | undefined;
    for await (const found of findDevices(ctx, project_id, query, { after: start, limit: query.limit })) {
      const shown = found.slice(0, left);
      for (let at = 0; at < shown.length; at += SHOWN_AT_ONCE) yield await deviceFacts(ctx, shown.slice(at, at + SHOWN_AT_ONCE));
      left -= shown.length;
      last = shown.at(-1) ?? last;
      // There is one more.
      if (found.length > shown.length) {
        next = writeCursor(last!);
        return;
      }
    }
  }
  return { data: data(), next_cursor: () => next };
}
