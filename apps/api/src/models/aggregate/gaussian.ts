import { createCipheriv } from 'node:crypto';
import type { Gaussian } from '@vergeai/domain';

const BLOCK = 16;
const TWO_TO_53 = 2 ** 53;

/**
 * Standard normal numbers of a stream that nobody can tell without the seed: AES-256 in counter mode, whose block number i
 * gives number i, by the method of Box and Muller, 1958.
 * @param seed 32 bytes in hex
 */
export function gaussianOf(seed: string): Gaussian {
  const key = Buffer.from(seed, 'hex');
  return (at, out) => {
    const counter = Buffer.alloc(BLOCK);
    counter.writeBigUInt64BE(BigInt(at), BLOCK / 2);
    const random = createCipheriv('aes-256-ctr', key, counter).update(Buffer.alloc(out.length * BLOCK));
    for (let i = 0; i < out.length; i++) {
      // In (0, 1], so that its logarithm is a number.
      const u = (uniform53(random, i * BLOCK) + 1) / TWO_TO_53;
      const v = uniform53(random, i * BLOCK + BLOCK / 2) / TWO_TO_53;
      out[i] = Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * v);
    }
  };
}

/** An integer from 0 to 2^53 − 1. */
const uniform53 = (bytes: Buffer, at: number): number => (bytes.readUInt32LE(at) >>> 11) * 2 ** 32 + bytes.readUInt32LE(at + 4);
