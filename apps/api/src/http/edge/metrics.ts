import type { RequestHandler } from 'express';
import type { Histogram } from 'prom-client';
import type { Context } from '../../context.js';
import type { Outlet } from '../answer/outlet.js';

/** Tells how long requests take, by operation of the contract and status. */
export function requestMeter({ requestDuration }: Context['meters']): (operation: string, status: number, seconds: number) => void {
  // Looking a series up by its labels costs more than counting in it, and there are few.
  const series = new Map<string, Histogram.Internal<'operation' | 'status'>>();
  return (operation, status, seconds) => {
    const name = `${operation} ${status}`;
    let known = series.get(name);
    if (!known) series.set(name, (known = requestDuration.labels(operation, String(status))));
    known.observe(seconds);
  };
}

/** All metrics, as Prometheus reads them. `refresh` brings those up to date that are not counted as it happens. */
export const metricsPage = ({ meters }: Pick<Context, 'meters'>, refresh: () => Promise<void>, outlet: Outlet): RequestHandler =>
  async (req, res) => {
    meters.streams.set(outlet.streams);
    await refresh();
    outlet.sendText(req, res.type(meters.registry.contentType), await meters.registry.metrics());
  };
