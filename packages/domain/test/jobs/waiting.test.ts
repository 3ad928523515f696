import { describe, expect, it } from 'vitest';
import { drawInOrder, waitingSentence } from '../../src/index.js';

describe('what a job waits for', () => {
  it('is a sentence for people', () => {
    const never = { id: '51d5', lastSeenAt: null };
    const seen = { id: 'ab12', lastSeenAt: new Date('2026-01-01T00:00:00Z') };
    expect(waitingSentence({ updates: 0, wanted: 1, devices: [never], numDevices: 1 })).toBe('0 of 1 updates; waiting for device 51d5, never seen');
    expect(waitingSentence({ updates: 1, wanted: 3, devices: [never, seen], numDevices: 2 })).toBe(
      '1 of 3 updates; waiting for 2 devices: 51d5, never seen; ab12, last seen 2026-01-01T00:00:00.000Z',
    );
    expect(waitingSentence({ updates: 1, wanted: 9, devices: [never], numDevices: 8 })).toBe('1 of 9 updates; waiting for 8 devices: 51d5, never seen; and 7 more');
    const one = { updates: 0, wanted: 1, devices: [never], numDevices: 1 };
    expect(waitingSentence({ ...one, choice: { device_labels: ['berlin', 'gpu'] } })).toBe('0 of 1 updates; waiting for device 51d5, never seen; only devices with the labels "berlin", "gpu" may take part');
    expect(waitingSentence({ ...one, choice: { device_ids: ['51d5', '51d6'] } })).toBe('0 of 1 updates; waiting for device 51d5, never seen; only devices of the 2 that the job names may take part');
  });
});

describe('drawing from groups', () => {
  const first = (_below: number) => 0;

  it('takes all of a group before any of the next', () => {
    expect(drawInOrder([['a', 'b'], [], ['c', 'd']], 3, first)).toEqual(['a', 'b', 'c']);
    expect(drawInOrder([['a', 'b'], ['c']], 1, first)).toEqual(['a']);
    expect(drawInOrder([['a'], ['b']], 5, first)).toEqual(['a', 'b']);
  });
});
