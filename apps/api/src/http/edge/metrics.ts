import type { RequestHandler } from 'express';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Clock } from '../../time/clock.js';
import type { Outlet } from '../answer/outlet.js';

export interface HttpMetrics {
  readonly registry: Registry;
  readonly streams: Gauge;
  observe(operation: string, status: number, seconds: number): void;
}

/** Prometheus metrics. Labels are operations of the contract, never paths: strangers can't make new series. */
export function createHttpMetrics(clock: Clock): HttpMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const duration = new Histogram({
    name: 'vergeai_http_request_duration_seconds',
    help: 'Time from the request to the end of its answer',
    labelNames: ['operation', 'status'],
    buckets: [0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10, 60, 600],
    registers: [registry],
  });
  new Gauge({
    name: 'vergeai_start_time_seconds',
    help: 'When this process started, in epoch seconds',
    registers: [registry],
  }).set(clock.now().getTime() / 1000);
  const streams = new Gauge({ name: 'vergeai_event_streams', help: 'Event streams that are open', registers: [registry] });
  // Looking a series up by its labels costs more than counting in it, and there are few.
  const series = new Map<string, Histogram.Internal<'operation' | 'status'>>();
  return {
    registry,
    streams,
    observe(operation, status, seconds) {
      const name = `${operation} ${status}`;
      let known = series.get(name);
      if (!known) series.set(name, (known = duration.labels(operation, String(status))));
      known.observe(seconds);
    },
  };
}

/** All of them, as Prometheus reads them. */
export const metricsPage = ({ registry, streams }: HttpMetrics, outlet: Outlet): RequestHandler =>
  async (req, res) => {
    streams.set(outlet.streams);
    outlet.sendText(req, res.type(registry.contentType), await registry.metrics());
  };
