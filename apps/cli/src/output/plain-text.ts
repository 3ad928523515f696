/** Control characters, which a terminal would obey, and those that turn the direction of the text around them. */
const OBEYED = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

/** A text of somebody else's as it may be shown in a terminal: what would be obeyed is shown as what it is. */
export const harmless = (text: string): string => text.replace(OBEYED, (character) => escapes[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

const escapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };
