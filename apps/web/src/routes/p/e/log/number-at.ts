/** How many events are asked for at once: as many as a browser asks one server. */
const AT_ONCE = 6;

/**
 * The number of the first of `count` events that happened at `time` or later; of the last when none did. `timeOf` gives when an event
 * happened, by its number. Both in milliseconds since 1970. Six rounds find it among 100,000.
 */
export async function numberAt(time: number, count: number, timeOf: (number: number) => Promise<number>): Promise<number> {
  let before = 0;
  let there = count;
  while (there - before > 1) {
    const step = (there - before) / (AT_ONCE + 1);
    const numbers = [...new Set(Array.from({ length: AT_ONCE }, (_, at) => before + Math.ceil(step * (at + 1))))].filter((number) => number < there);
    const times = await Promise.all(numbers.map(timeOf));
    const first = times.findIndex((each) => each >= time);
    there = numbers[first] ?? there;
    before = numbers[first === -1 ? numbers.length - 1 : first - 1] ?? before;
  }
  return Math.max(1, there);
}
