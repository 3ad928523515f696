/**
 * The `data` of each message of an event stream (HTML standard, "Parsing an event stream"). What else a message says stands in
 * the data of ours, too.
 */
export async function* readMessages(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  let text = '';
  let data: string[] = [];
  for await (const chunk of chunks) {
    // A CR at the end may be the first half of a line's end.
    const lines = (text + decoder.decode(chunk, { stream: true })).split(/\r\n|\n|\r(?!$)/);
    text = lines.pop()!;
    for (const line of lines) {
      const field = /^data(?:$|: ?)/.exec(line);
      if (field) data.push(line.slice(field[0].length));
      if (line !== '' || data.length === 0) continue;
      yield data.join('\n');
      data = [];
    }
  }
}
