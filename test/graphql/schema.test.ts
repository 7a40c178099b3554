import { describe, expect, it } from '@jest/globals';
import { isEnumType, isInputObjectType, isInterfaceType, isObjectType, isSpecifiedScalarType } from 'graphql';
import { createCodeTables } from '../../src/call/codes/codes.js';
import { createSchema } from '../../src/graphql/schema.js';
import { lifeByDefault } from '../support/traces.js';
import { UNDERSTANDING } from '../support/understanding.js';

const schema = createSchema({
  keyRules: { defaultCcId: 1, timeZoneOf: () => 'UTC', now: Date.now },
  codes: createCodeTables(),
  lifeOf: lifeByDefault,
  forget: () => Promise.resolve(null),
  hashNumber: () => null,
  maskKeepDigits: 4,
  ...UNDERSTANDING,
});

/** The types of this graph, without those of GraphQL and of federation. */
const ownTypes = Object.values(schema.getTypeMap()).filter(
  (type) => !/^_|__/.test(type.name) && !isSpecifiedScalarType(type),
);

interface Described {
  readonly name: string;
  readonly description?: string | null | undefined;
}

/** Everything of a type that can have a description, by its path. */
function described(type: (typeof ownTypes)[number]): [path: string, description: string][] {
  const under = (path: string, parts: readonly Described[]): [string, string][] =>
    parts.map(({ name, description }) => [`${path}${name}`, description?.trim() ?? '']);
  const own = under('', [type]);
  if (isEnumType(type)) return [...own, ...under(`${type.name}.`, type.getValues())];
  if (isInputObjectType(type)) return [...own, ...under(`${type.name}.`, Object.values(type.getFields()))];
  if (!isObjectType(type) && !isInterfaceType(type)) return own;
  const fields = Object.values(type.getFields()).filter((field) => !field.name.startsWith('_'));
  return [
    ...own,
    ...under(`${type.name}.`, fields),
    ...fields.flatMap((field) => under(`${type.name}.${field.name}: `, field.args)),
  ];
}

describe('the schema', () => {
  it('has the types of the design', () => {
    expect(ownTypes.map((type) => type.name)).toEqual(
      expect.arrayContaining([
        'Query',
        'Mutation',
        'Call',
        'CallLeg',
        'CallKeyInput',
        'Node',
        'CallCode',
        'CallFreshness',
        'CallResult',
        'CallViewer',
        'DateTime',
      ]),
    );
  });

  it('describes every type, field, argument and value', () => {
    const all = ownTypes.flatMap(described);
    expect(all.length).toBeGreaterThan(300);
    expect(all.filter(([, description]) => description === '').map(([path]) => path)).toEqual([]);
  });

  it('has a value UNKNOWN in the enum of every coded field', () => {
    const coded = ['Call', 'CallLeg'].flatMap((name) => {
      const type = schema.getType(name);
      if (!isObjectType(type)) throw new Error(`${name} is not an object`);
      const fields = type.getFields();
      return Object.values(fields).filter((field) => `${field.name}Code` in fields);
    });
    expect(coded).toHaveLength(11);
    for (const field of coded) {
      if (!isEnumType(field.type)) throw new Error(`${field.name} is no enum that may be null`);
      expect(field.type.getValues().map((value) => value.name)).toContain('UNKNOWN');
    }
  });
});
