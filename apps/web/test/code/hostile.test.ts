import { execFileSync } from 'node:child_process';
import { describe as describeRequest } from '@vergeai/sdk';
import { testSeed } from '@vergeai/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeFor, type Language } from '../../src/code/code.js';
import { ModelFile } from '../../src/code/model-file.js';
import { python } from '../support/python.js';

const baseUrl = 'http://127.0.0.1:3000/ver&ge';
const ids = { project_id: '0123456789abcdef0123456789abcdef', experiment_id: 'fedcba9876543210fedcba9876543210' };

/** What somebody could call an experiment to make others run it. */
const texts = [
  `'; touch /tmp/owned; '`, '$(touch /tmp/owned)', '`touch /tmp/owned`', '"; import os; os.abort() #', '"""', "'''", '\\', '\\"', "\\'", '${process.exit(7)}', '\n', '\r\n', '\r', '\t',
  '\u0000', '\u0003\u001b[2J', '\u007f\u009b31m', '\u2028\u2029', '\u202Egnp.exe', '\u200b\ufeff\u00a0', '\u{e0041}', '!!', '!$', '%s%n', '*', '~', '-n', '--', '@/etc/passwd', '\\u0041', '\\x41', '\\N{DIGIT ONE}', '{x}', '#{x}',
  '🦊', 'Ünïcode ✓', '</script><img src=x onerror=alert(1)>', '', ' ', '0', 'null', "it's", '-----BEGIN', '\\\n', "'\\''", 'a'.repeat(200),
];
const names = fc.oneof(fc.constantFrom(...texts, 'ok', '__proto__x', 'constructor', 'from', '1', 'lr'), fc.string({ unit: 'binary', maxLength: 20 })).filter((name) => name !== '__proto__');
const value = fc.letrec((tie) => ({
  any: fc.oneof({ maxDepth: 3 }, fc.constantFrom(...texts), fc.string({ unit: 'binary' }), fc.double({ noNaN: true, noDefaultInfinity: true }).filter((number) => !Object.is(number, -0)), fc.integer(), fc.boolean(), fc.constant(null), fc.array(tie('any'), { maxLength: 4 }), fc.dictionary(names, tie('any'), { maxKeys: 4, noNullPrototype: true })),
})).any;

const seed = testSeed('hostile names');
const samples = [
  ...texts.map((text) => ({ ...ids, experiment_name: text, hyperparameters: { [text]: text, list: [text, [text]] } })),
  ...fc.sample(fc.record({ experiment_name: fc.constantFrom(...texts), hyperparameters: fc.dictionary(names, value, { maxKeys: 5, noNullPrototype: true }) }), { seed, numRuns: 150 }).map((given) => ({ ...ids, ...given })),
] as (typeof ids & { experiment_name: string; hyperparameters: Record<string, never> })[];

const snippets = (language: Language) => samples.map((sample) => codeFor(language, 'experiment.update', sample, baseUrl));
/** What is left of numbers and texts on the way through JSON. */
const plain = (given: unknown): unknown => JSON.parse(JSON.stringify(given));

describe('whatever people and devices are called, a snippet', () => {
  it.skipIf(python === undefined)('in Python gives the client just that', () => {
    const program = `
import ast, json, sys
for source in json.load(sys.stdin):
    calls = [node.value for node in ast.parse(source).body if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)]
    assert len(ast.parse(source).body) == 6 and len(calls) == 1, source
    print(json.dumps({word.arg: ast.literal_eval(word.value) for word in calls[0].keywords}))
`;
    const said = execFileSync(python!, ['-c', program], { input: JSON.stringify(snippets('python')), encoding: 'utf8', maxBuffer: 1 << 26 });
    expect(said.trim().split('\n').map((line) => JSON.parse(line) as unknown)).toEqual(samples.map(plain));
  });

  it('in TypeScript gives the client just that', () => {
    for (const [at, source] of snippets('typescript').entries()) {
      const given: unknown[] = [];
      class VergeAI {
        Experiment = { update: (input: unknown) => (given.push(input), { statusCode: 200, body: {} }) };
      }
      // Run as it stands, but for the import and what waits.
      const program = source.replace(/^import .*\n/, '').replaceAll('await ', '');
      // oxlint-disable-next-line no-implied-eval
      new Function('VergeAI', 'process', 'console', program)(VergeAI, { env: {} }, { log: () => undefined });
      expect(given.map(plain)).toEqual([plain(samples[at])]);
    }
  });

  it.each(['sh', 'bash'])('in %s gives curl just that', (shell) => {
    const program = `curl() { for word; do printf '%s\\0' "$word"; done; printf '\\1\\0'; }\nVERGEAI_API_KEY=secret\n${snippets('curl').join('\n')}`;
    const said = execFileSync(shell, ['-s'], { input: program, encoding: 'utf8', maxBuffer: 1 << 26 });
    const calls = said.split('\u0001\0').slice(0, -1).map((call) => call.split('\0').slice(0, -1));
    expect(calls.length).toBe(samples.length);
    for (const [at, [url, ...words]] of calls.entries()) {
      const request = describeRequest('experiment.update', samples[at]!, { baseUrl });
      expect([url, words.slice(0, -1)]).toEqual([request.url, ['-H', 'Authorization: Bearer secret', '-H', 'Content-Type: application/json', '-d']]);
      expect(JSON.parse(words.at(-1)!)).toEqual(JSON.parse(request.body!));
    }
  });

  it.each(['sh', 'bash'])('in %s gives the command line just that', (shell) => {
    const program = `verge() { for word; do printf '%s\\0' "$word"; done; cat; printf '\\1\\0'; }\n${snippets('cli').join('\n')}`;
    const said = execFileSync(shell, ['-s'], { input: program, encoding: 'utf8', maxBuffer: 1 << 26 });
    const calls = said.split('\u0001\0').slice(0, -1).map((call) => call.split('\0'));
    expect(calls.length).toBe(samples.length);
    for (const [at, words] of calls.entries()) {
      expect(words.slice(0, -1)).toEqual(['api', 'experiment.update', '--url', baseUrl, '--input', '-']);
      expect(JSON.parse(words.at(-1)!)).toEqual(plain(samples[at]));
    }
  });

  it.each(['python', 'typescript', 'curl', 'cli'] as const)('in %s shows every letter of it: none is unseen, none turns the line around', (language) => {
    for (const source of snippets(language)) expect(source).toMatch(/^(?:[^\p{C}\p{Z}]|[\n ])*$/u);
  });

  it('says the names of files so that nothing but a file is meant', () => {
    for (const text of texts) {
      const program = `curl() { for word; do printf '%s\\0' "$word"; done >&2; echo '{}'; }\njq() { :; }\n${codeFor('curl', 'experiment.submit_start_model', { ...ids, model: new ModelFile(text) }, baseUrl)}`;
      const { path } = new ModelFile(text);
      expect(path).toMatch(/^\.\/[^\p{C}]*$/u);
      const said = execFileSync('sh', ['-c', `(${program}\n) 2>&1`], { encoding: 'utf8' });
      expect(said).toContain(`-g\0-T\0${path}\0`);
      const command = `verge() { for word; do printf '%s\\0' "$word"; done; }\n${codeFor('cli', 'experiment.submit_start_model', { ...ids, model: new ModelFile(text) }, baseUrl)}`;
      expect(execFileSync('sh', ['-c', command], { encoding: 'utf8' })).toContain(`-F\0model=@${path}\0`);
    }
  });

  it('keeps integers of any size', () => {
    const input = { ...ids, hyperparameters: { seed: 12345678901234567890n } };
    expect(codeFor('python', 'experiment.update', input, baseUrl)).toContain('"seed": 12345678901234567890}');
    expect(codeFor('typescript', 'experiment.update', input, baseUrl)).toContain('seed: 12345678901234567890n');
    for (const language of ['curl', 'cli'] as const) expect(codeFor(language, 'experiment.update', input, baseUrl)).toContain('"seed": 12345678901234567890}');
  });
});
