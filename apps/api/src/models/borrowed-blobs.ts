import type { Context } from '../context.js';
import type { LocalCopy } from '../storage/blob-store.js';

/** The local files of one piece of work, which are given back together when it is over, however it ended. */
export class BorrowedBlobs {
  readonly #storage: Context['storage'];
  readonly #borrowed: Promise<LocalCopy>[] = [];

  constructor({ storage }: Pick<Context, 'storage'>) {
    this.#storage = storage;
  }

  /** Gives the path of a file with the bytes. */
  async path({ blobKey, sha256 }: { readonly blobKey: string; readonly sha256: string }): Promise<string> {
    const borrowing = this.#storage.borrow(blobKey, sha256);
    this.#borrowed.push(borrowing);
    return (await borrowing).path;
  }

  /** Also of those that are still on their way. */
  async giveBack(): Promise<void> {
    await Promise.allSettled(this.#borrowed.map(async (borrowing) => (await borrowing).giveBack()));
  }
}
