import type { ModelFormat } from '@vergeai/domain';

/**
 * Which format a model is in, from its first 8 bytes. A safetensors file starts with the length of its header
 * as a 64-bit little-endian number, of which the upper bytes are zero; JSON text never holds a zero byte.
 */
export const formatOf = (head: Uint8Array): ModelFormat => (head.subarray(0, 8).includes(0) ? 'safetensors' : 'json');
