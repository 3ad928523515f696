import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * What the server's one secret is used for. Each purpose has a key of its own, derived by HKDF (RFC 5869),
 * so that none can stand in for another.
 */
export interface Secrets {
  /** HMAC-SHA-256 of an API key, in hex: all that the database keeps of it. */
  hashApiKey(key: string): string;
  /** The same of what a session's cookie holds. */
  hashSessionToken(token: string): string;
  /** The same of a code that signs in once. */
  hashSignInCode(code: string): string;
  sign(text: string): string;
  /** In constant time. */
  isSignature(text: string, signature: string): boolean;
  /** AES-256-GCM: 12 bytes of nonce, the ciphertext, 16 bytes of tag. */
  seal(plain: string): Uint8Array<ArrayBuffer>;
  /** Throws when the bytes were sealed with another secret, or changed. */
  unseal(sealed: Uint8Array): string;
  /** Tells two secrets apart without telling anything about either. */
  readonly fingerprint: string;
}

export function deriveSecrets(secretKey: string): Secrets {
  const derive = (purpose: string) => Buffer.from(hkdfSync('sha256', secretKey, 'vergeai', purpose, 32));
  // Of bytes, Node would make a key object anew for every hash, which takes seven times as long as the hash (docs/benchmarks.md).
  const deriveKey = (purpose: string) => createSecretKey(derive(purpose));
  const hashing = (purpose: string) => {
    const pepper = deriveKey(purpose);
    return (text: string) => createHmac('sha256', pepper).update(text).digest('hex');
  };
  const signing = deriveKey('tickets and links');
  const sealing = deriveKey('stored answers');
  const sign = (text: string) => createHmac('sha256', signing).update(text).digest('base64url');
  return {
    hashApiKey: hashing('api keys'),
    hashSessionToken: hashing('sessions'),
    hashSignInCode: hashing('sign-in codes'),
    sign,
    isSignature: (text, signature) => isEqual(sign(text), signature),
    seal: (plain) => {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', sealing, nonce);
      return new Uint8Array(Buffer.concat([nonce, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]));
    },
    unseal: (sealed) => {
      const decipher = createDecipheriv('aes-256-gcm', sealing, sealed.subarray(0, 12));
      decipher.setAuthTag(sealed.subarray(-16));
      return decipher.update(sealed.subarray(12, -16), undefined, 'utf8') + decipher.final('utf8');
    },
    fingerprint: derive('fingerprint').toString('hex').slice(0, 16),
  };
}

/** Whether two strings are the same, in a time that tells nothing of where they differ. */
export function isEqual(one: string, other: string): boolean {
  const a = Buffer.from(one);
  const b = Buffer.from(other);
  return a.length === b.length && timingSafeEqual(a, b);
}
