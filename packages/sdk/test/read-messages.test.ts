import { createParser } from 'eventsource-parser';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { testSeed } from '@vergeai/testkit';
import { readMessages } from '../src/follow/read-messages.js';

const ends = fc.constantFrom('\n', '\r', '\r\n');
const text = fc.string({ unit: fc.constantFrom('a', 'ü', '🙂', ' ', ':', '{"x":1}', 'data', '\u0000') });
const line = fc.oneof(
  text.map((value) => `data: ${value}`),
  text.map((value) => `data:${value}`),
  fc.constantFrom('', '', 'data', ':', ': a sign of life', 'event: job_failed', 'id: 7', 'retry: 10', 'datas: no', ' data: no'),
);

/** A stream in bytes, cut anywhere. */
const streams = fc
  .tuple(fc.boolean(), fc.array(fc.tuple(line, ends)), fc.array(fc.nat(400)))
  .map(([mark, lines, cuts]) => {
    const bytes = new TextEncoder().encode((mark ? '\uFEFF' : '') + lines.map(([content, end]) => content + end).join(''));
    const places = [0, ...cuts.filter((at) => at < bytes.length).toSorted((a, b) => a - b), bytes.length];
    return places.slice(1).map((end, at) => bytes.subarray(places[at], end));
  });

it('an event stream is read as eventsource-parser reads it, wherever it is cut', async () => {
  await fc.assert(
    fc.asyncProperty(streams, async (chunks) => {
      const expected: string[] = [];
      const parser = createParser({ onEvent: ({ data }) => expected.push(data) });
      const decoder = new TextDecoder();
      for (const chunk of chunks) parser.feed(decoder.decode(chunk, { stream: true }));

      const read: string[] = [];
      async function* bytes() {
        yield* chunks;
      }
      for await (const data of readMessages(bytes())) read.push(data);
      expect(read).toEqual(expected);
    }),
    { seed: testSeed('event streams'), numRuns: 500 },
  );
});
