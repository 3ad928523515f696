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

export const transferRoutes = {
  uploadForm: {
    method: 'POST',
    path: '/v1/upload',
    summary: 'Upload a model as a presigned POST',
    description: "multipart/form-data: every entry of the ticket's fields, then the bytes as the last part, `file`. Answers 204.",
    access: ticket,
  },
  uploadRaw: {
    method: 'PUT',
    path: '/v1/upload',
    summary: 'Upload a model as a raw body',
    description: "The ticket's fields as query, the bytes as the body. Answers 204.",
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
