import { z } from 'zod';

/** Numbers nested as deep as the tensor has dimensions. */
export type NestedNumbers = number | NestedNumbers[];

/** A model as a dictionary: tensor name to nested lists of finite numbers. */
export type StateDict = { [tensorName: string]: NestedNumbers };

/** Which model it is, and how many bytes are stored. */
export const storedModel = z.strictObject({ entity_id: z.string(), name: z.string(), size: z.string().describe('Stored bytes, as a decimal string') });

/** `{}` while unset. */
export const modelReference = z.union([storedModel, z.strictObject({})]);

/**
 * A model inside a JSON request. Its content is checked as a stream, not by this schema:
 * at most 64 MiB, finite numbers, no ragged lists, else 422 `invalid_model` with a JSON pointer.
 */
export const inlineModel = z
  .custom<StateDict>((value) => typeof value === 'object' && value !== null && !Array.isArray(value), 'must be an object of tensors')
  .meta({ type: 'object', description: 'Tensor name → nested lists of finite numbers' });

/** A presigned POST: send `fields` and then the bytes as `file`, or PUT the bytes with the fields as query. */
export const presignedUpload = z.object({ url: z.string(), fields: z.record(z.string(), z.string()) });
export type PresignedUpload = z.infer<typeof presignedUpload>;

export const uploadTicket = z.object({ model_url: presignedUpload });
export type UploadTicket = z.infer<typeof uploadTicket>;

/** A signed URL; GET on it returns the model itself, byte for byte as it was sent. */
export const downloadLink = z.object({ model_url: z.string() });

/** What a model file is, under the names that the domain gives them: another name there does not compile in the server. */
export const modelFormat = z.enum(['json', 'safetensors']);

/** What is known of a stored model. */
export const modelDetails = z.object({
  name: z.string(),
  size: z.number().int(),
  sha256: z.string(),
  format: modelFormat,
  parent_sha256: z.string().nullable().describe('The model this one was trained or forked from'),
});
