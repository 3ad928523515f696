/** So many experiments are compared at most: more than these nobody tells apart. */
export const MOST_COMPARED = 20;
