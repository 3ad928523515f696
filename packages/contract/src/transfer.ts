import type { Access } from './access.js';

/** Where bytes go in and come out. Not JSON, so they stand beside the contract's routes rather than among them. */
export interface TransferRoute {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly summary: string;
  readonly description: string;
  readonly access: Access;
}

const ticket = { who: 'ticket' } as const;

const report =
  'Beside the fields of the ticket that `device.next_job` gives, the fields `num_examples` and `metrics`, as JSON, say what `device.submit_model_update` is told otherwise. Metrics of more than a few kilobytes need a ticket from there.';

export const transferRoutes = {
  uploadForm: {
    method: 'POST',
    path: '/v1/upload',
    summary: 'Upload a model as a presigned POST',
    description: `multipart/form-data: every entry of the ticket's fields, then the bytes as the last part, \`file\`. Answers 204. ${report}`,
    access: ticket,
  },
  uploadRaw: {
    method: 'PUT',
    path: '/v1/upload',
    summary: 'Upload a model as a raw body',
    description: `The ticket's fields as query, the bytes as the body. Answers 204. ${report}`,
    access: ticket,
  },
  download: {
    method: 'GET',
    path: '/v1/download',
    summary: 'Download a model by a signed link',
    description: 'The model, byte for byte as it was sent. Takes Range and If-None-Match.',
    access: ticket,
  },
} as const satisfies Record<string, TransferRoute>;
