import { updateReport } from '@vergeai/contract';
import { refuseFaults } from '../answer/invalid-request.js';

/** What a device tells of its training beside its update. */
export interface UpdateReport {
  /** The weight of the update in the mean; null: it has none. */
  readonly numExamples: number | null;
  readonly metrics: Record<string, number>;
}

/** The same from the fields of an upload, each as JSON, that stood in this `part` of the request. Throws a Refusal `invalid_request`. */
export function updateReportIn(part: 'query' | 'body', fields: Readonly<Record<string, string>>): UpdateReport {
  const given = Object.keys(updateReport.shape).flatMap((name) => (fields[name] === undefined ? [] : [[name, valueOf(part, name, fields[name])] as const]));
  const report = updateReport.safeParse(Object.fromEntries(given));
  if (!report.success) throw refuseFaults(part, report.error.issues.map(({ path, message }) => ({ path: path.map(String), message })));
  return { numExamples: report.data.num_examples ?? null, metrics: report.data.metrics ?? {} };
}

function valueOf(part: 'query' | 'body', name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refuseFaults(part, [{ path: [name], message: 'must be JSON' }]);
  }
}
