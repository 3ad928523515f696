import { build, query } from '@vergeai/db';
import type { TensorSpec } from '@vergeai/domain';
import type { Context } from '../context.js';
import { BATCH_CHARACTERS } from './in-batches.js';
import { nextTurn } from './next-turn.js';

const piece = query((at: { modelId: string; from: number; characters: number }) =>
  build
    .selectFrom('ModelLayout')
    .select(({ fn, ref, val }) => fn<string>('substr', [ref('layout'), val(at.from), val(at.characters)]).as('text'))
    .where('modelId', '=', at.modelId));

/**
 * The tensors of a start model, in the order of the file. A layout may have many thousands: it is read and taken apart a
 * piece at a time, and nothing is kept of a piece.
 */
export async function* layoutTensors(ctx: Context, modelId: string): AsyncGenerator<readonly TensorSpec[], undefined> {
  let rest = '';
  let inList = false;
  for (let from = 1; ; from += BATCH_CHARACTERS) {
    const row = await ctx.db.hot.get(piece, { modelId, from, characters: BATCH_CHARACTERS });
    if (!row?.text) return undefined;
    rest += row.text;
    if (!inList) {
      // Before the list stands nothing but the format.
      rest = rest.slice(rest.indexOf('[') + 1);
      inList = true;
    }
    const tensors: TensorSpec[] = [];
    let at = 0;
    for (let end = endOfTensor(rest, at); end > 0; end = endOfTensor(rest, at)) {
      tensors.push(JSON.parse(rest.slice(rest.indexOf('{', at), end)) as TensorSpec);
      at = end;
    }
    rest = rest.slice(at);
    if (tensors.length > 0) yield tensors;
    await nextTurn();
  }
}

/** Behind the next tensor; 0 when it is not there as a whole. It is an object without another one in it, but its name may have braces. */
function endOfTensor(text: string, from: number): number {
  let quoted = false;
  for (let at = from; at < text.length; at++) {
    const character = text[at];
    if (quoted && character === '\\') at++;
    else if (character === '"') quoted = !quoted;
    else if (character === '}' && !quoted) return text.lastIndexOf('{', at) < from ? 0 : at + 1;
  }
  return 0;
}
