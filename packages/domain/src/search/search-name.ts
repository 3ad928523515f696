/** A name as it is searched for and sorted by: capital letters, and ways to write the same letter, make no difference. */
export const searchName = (name: string): string => name.normalize('NFC').toLowerCase();
