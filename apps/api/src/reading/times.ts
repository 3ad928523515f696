/** Epoch seconds as a decimal string, as the documented objects print times. */
export const epochSeconds = (time: Date): string => (time.getTime() / 1000).toFixed(3);

/** RFC 3339, as new operations print times. */
export const timestamp = (time: Date): string => time.toISOString();

export const timestampOrNull = (time: Date | null): string | null => time && timestamp(time);

export const earlier = (time: Date, other: Date | null): Date => (other && other < time ? other : time);
