/** A page with `text` between the two comments that mark the place called `name`. Throws when the page has no such place. */
export function printInto(page, name, text) {
  const place = new RegExp(`(<!-- ${name}: .*?-->\n)[^]*?(<!-- end of ${name} -->)`);
  if (!place.test(page)) throw new Error(`The page has no place for "${name}": a comment that begins with it, and one that ends it.`);
  return page.replace(place, (_all, begin, end) => `${begin}\n${text}\n${end}`);
}
