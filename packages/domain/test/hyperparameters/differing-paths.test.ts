import { describe, expect, it } from 'vitest';
import { DifferingPaths } from '../../src/hyperparameters/index.js';

const differing = (...texts: string[]) => {
  const found = new DifferingPaths();
  for (const text of texts) found.add(text);
  return found.paths();
};

describe('where hyperparameters differ', () => {
  it('is told by paths, in the order in which they stand there', () => {
    expect(differing('{"lr":0.1,"batch":32,"optimizer":{"name":"sgd","momentum":0.9}}', '{"optimizer":{"name":"adam","momentum":0.9},"batch":64,"lr":0.1}')).toEqual(['batch', 'optimizer.name']);
    expect(differing('{"layers":[64,32]}', '{"layers":[64,16,8]}')).toEqual(['layers.1', 'layers.2']);
  });

  it('is nowhere when all are the same, however they are written', () => {
    expect(differing('{"lr":0.1,"n":1,"s":"é"}', '{ "s": "\\u00e9", "n": 1.0, "lr": 1e-1 }')).toEqual([]);
    expect(differing('{}', '{}')).toEqual([]);
  });

  it('is also where only some have something', () => {
    expect(differing('{"a":1}', '{}', '{"a":1}')).toEqual(['a']);
    expect(differing('{}', '{"a":null}')).toEqual(['a']);
    expect(differing('{"a":{}}', '{}')).toEqual(['a']);
    expect(differing('{"a":{"b":1}}', '{}')).toEqual(['a.b']);
    expect(differing('{"a":{"b":1}}', '{"a":2}')).toEqual(['a.b', 'a']);
  });

  it('is told of integers that a float64 takes for one another, and of a text that looks like a number', () => {
    expect(differing('{"seed":9007199254740993}', '{"seed":9007199254740992}')).toEqual(['seed']);
    expect(differing('{"seed":1}', '{"seed":"1"}')).toEqual(['seed']);
  });

  it('takes names such as __proto__ for names', () => {
    expect(differing('{"__proto__":1,"constructor":2}', '{"__proto__":2,"constructor":2}')).toEqual(['__proto__']);
  });

  it('stays short whatever is sent', () => {
    const list = (length: number, name: string) => `{"${name}":[${Array.from({ length }, (_, n) => n).join()}]}`;
    expect(differing(list(12_000, 'a'), list(12_000, 'b'))).toHaveLength(1000);
    expect(differing(list(10, 'a'.repeat(600)), '{}')).toEqual([]);
  });
});
