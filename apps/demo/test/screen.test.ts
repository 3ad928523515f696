import { describe, expect, it } from 'vitest';
import { deviceBoard } from '../src/device-board.js';
import { bar, plainScreen, terminalScreen } from '../src/screen/screen.js';

function fakeTerminal(columns: number) {
  let text = '';
  return { isTTY: true, columns, write: (part: string) => void (text += part), text: () => text };
}

describe('a bar', () => {
  it('fills in eighths', () => {
    expect([0, 0.5, 0.53, 1, 2].map((share) => bar(share, 4))).toEqual(['    ', '██  ', '██▏ ', '████', '████']);
  });
});

describe('a terminal', () => {
  it('keeps what was said above what is drawn anew, and never lets a line wrap', () => {
    const terminal = fakeTerminal(6);
    const screen = terminalScreen(terminal);
    screen.live(['one', 'a long line']);
    screen.say('said');
    screen.live([]);
    expect(terminal.text().replaceAll('\u001B', '^')).toBe(['\r^[Jone\na lon\n', '^[2A\r^[Jsaid\none\na lon\n', '^[2A\r^[J'].join(''));
  });

  it('shows a bar for each device', () => {
    const terminal = fakeTerminal(120);
    const board = deviceBoard(terminalScreen(terminal), 10, [{ labels: [0, 1, 2], digits: 2750 }]);
    board.news(0, { sequence: 3, state: 'sending', done: 1 });
    expect(terminal.text()).toContain('  device 1  mostly 0 1 2  2,750 digits   job 3  ████████████████████████ sending');
  });
});

it('a plain screen leaves out what is drawn anew', () => {
  const terminal = fakeTerminal(80);
  const screen = plainScreen(terminal);
  screen.live(['bar']);
  screen.say('said');
  screen.say();
  expect(terminal.text()).toBe('said\n\n');
});
