import { cpus, loadavg, platform, release } from 'node:os';
import type { Figure, Result } from './result.js';

/** What the figures depend on, without naming the machine. */
export function describeMachine() {
  const processors = cpus();
  return {
    processors: processors.length,
    processor: processors[0]?.model ?? 'unknown',
    node: process.version,
    system: `${platform()} ${release().split('-', 1)[0]}`,
    load: Number(loadavg()[0]!.toFixed(2)),
  };
}

/** The results as a Markdown table that also reads well in a terminal. */
export function table(results: readonly Result[]): string {
  const rows = results.flatMap(({ figures }) => figures.map(cells));
  const header = ['', 'bare', 'ours', 'ratio', 'goal'];
  const widths = header.map((title, column) => Math.max(...[header, ...rows].map((row) => row[column]!.length), title.length, 3));
  const line = (row: readonly string[]) => `| ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join(' | ')} |`;
  const rule = `| ${widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  return [line(header), rule, ...rows.map(line)].join('\n');
}

function cells({ label, bare = '', ours, value, goal, isRatio = goal === undefined || 'atLeast' in goal }: Figure): string[] {
  return [label, bare, ours, isRatio && value !== undefined ? value.toFixed(2) : '', goalText(goal, value)];
}

function goalText(goal: Figure['goal'], value: number | undefined): string {
  if (goal === undefined || value === undefined) return '';
  const [met, text] = 'atLeast' in goal ? [value >= goal.atLeast, `≥ ${goal.atLeast}`] : [value <= goal.atMost, `≤ ${goal.atMost}`];
  return `${text} ${met ? 'met' : 'MISSED'}`;
}
