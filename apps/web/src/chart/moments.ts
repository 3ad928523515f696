const TWO_DAYS = 172_800;

const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short' });
const exactClock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });

/** What the ticks of a time axis say, in seconds since 1970: as exact as they are close to each other. */
export function momentsOf(ticks: readonly number[]): string[] {
  const [first, second] = ticks;
  const span = (ticks.at(-1) ?? 0) - (first ?? 0);
  const format = span > TWO_DAYS ? day : (second ?? 0) - (first ?? 0) < 60 ? exactClock : clock;
  return ticks.map((tick) => format.format(tick * 1000));
}
