import type { HotParameter, HotQuery, HotRow } from '../src/index.js';

/** A hot query written by hand, for what no statement of the server says. */
export const text = <Row extends object = HotRow>(sql: string): HotQuery<readonly HotParameter[], Row> => ({ sql, bind: (values) => values });
