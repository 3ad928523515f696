import { element } from './element.js';

const region = element('p', { role: 'status', class: 'said' });
document.body.append(region);

/** Tells those who read by ear what has changed. */
export function say(sentence: string): void {
  region.textContent = sentence;
}
