import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { NAME, namedShapeOf, namedShapes, PAGE, shapeOf, type JsonSchema } from '../src/index.js';
import { all, answerSchema } from './support/route.js';

/** Every member of a shape, however deep, with what it is. */
function members(part: unknown, where: string): { where: string; sentence: unknown }[] {
  if (typeof part !== 'object' || part === null) return [];
  const { properties = {} } = part as { properties?: Record<string, JsonSchema> };
  return [
    ...Object.entries(properties).map(([name, member]) => ({ where: `${where}.${name}`, sentence: member['description'] })),
    ...Object.entries(part).flatMap(([, value]) => members(value, where)),
  ];
}

describe.each(all)('$name', ({ name, route }) => {
  it('says of everything it takes and answers what it is', () => {
    const parts = (['pathParams', 'query', 'body'] as const).map((part) => (route as unknown as Record<string, unknown>)[part]).filter((part) => part instanceof z.ZodType);
    const found = [
      ...parts.flatMap((part) => members(shapeOf(part, 'input'), name)),
      ...(route.responses[200] instanceof z.ZodType ? members(shapeOf(route.responses[200], 'output'), name) : []),
    ];
    // In src/sentences.ts by its name, or by `.describe()` where the name means something else.
    const silent = found.filter(({ sentence }) => typeof sentence !== 'string' || !/^[A-Z"`]|^\w+: /.test(sentence));
    expect(silent.map(({ where }) => where)).toEqual([]);
  });
});

describe('a sentence', () => {
  const answer = (name: string) => (shapeOf(answerSchema(name), 'output') as unknown as { properties: Record<string, { description: string }> }).properties;

  it('comes from the name of a member, with how a time is written', () => {
    expect(answer('experiment.describe')['created_at']!.description).toBe('When it was created (RFC 3339, UTC)');
    expect(answer('job.get')['created_on']!.description).toBe('When it was created (Epoch seconds as a decimal string)');
    expect(answer('experiment.get')['project_id']).toBeUndefined();
  });

  it('counts for less than what the schema says itself', () => {
    const body = all.find(({ name }) => name === 'experiment.fork')!.route as unknown as { body: z.ZodType };
    expect(shapeOf(body.body, 'input')).toMatchObject({ properties: { hyperparameters: { description: "The parent's when left out" } } });
  });
});

describe('a shape with a name', () => {
  it('says it wherever it stands, also when it may be null or has a description of its own', () => {
    const shape = namedShapeOf(answerSchema('experiment.describe'), 'output') as unknown as { properties: Record<string, { anyOf?: JsonSchema[]; [NAME]?: string; [PAGE]?: true }> };
    expect(shape.properties['start_model']!.anyOf![0]![NAME]).toBe('ModelDetails');
    expect(shape.properties['jobs']![PAGE]).toBe(true);
    expect(namedShapeOf(namedShapes['ModelReference']!.shape.describe('Another one'), 'output')[NAME]).toBe('ModelReference');
  });

  it('has one that no other has, and a sentence', () => {
    for (const [name, { shape, sentence }] of Object.entries(namedShapes)) {
      expect(namedShapeOf(shape, 'output')[NAME]).toBe(name);
      expect(sentence).toMatch(/^[A-Z].*\.$/);
    }
  });

  it('does not say it to who has not asked', () => {
    expect(JSON.stringify(all.map(({ route }) => (route.responses[200] instanceof z.ZodType ? shapeOf(route.responses[200], 'output') : {})))).not.toMatch(/x-name|x-page/);
  });
});
