/** Lets others have their turn, in the middle of what takes long and waits for nothing. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
