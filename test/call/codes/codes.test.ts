import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Kind, parse, visit, type EnumTypeDefinitionNode } from 'graphql';
import type { CodeRow } from '../../../src/call/codes/code-row.js';
import { createCodeTables, directionOf, UNKNOWN, type CodeTables } from '../../../src/call/codes/codes.js';

const SCHEMA = new URL('../../../schema/', import.meta.url);
const schemaFiles = readdirSync(SCHEMA).filter((name) => name.endsWith('.graphql'));
const documents = schemaFiles.map((name) => parse(readFileSync(new URL(name, SCHEMA), 'utf8')));
const enums = new Map(
  documents
    .flatMap((document) => document.definitions)
    .filter((definition): definition is EnumTypeDefinitionNode => definition.kind === Kind.ENUM_TYPE_DEFINITION)
    .map((definition) => [definition.name.value, definition]),
);

const current = createCodeTables();
const legacy = createCodeTables({ subMediaEdition: 'legacy' });

/** Each enum of the schema, and the rows its values stand for. */
const ENUM_ROWS: [string, readonly CodeRow[]][] = [
  ['CallMediaType', current.mediaType.rows],
  ['CallSubMediaType', [...current.subMediaType.rows, ...legacy.subMediaType.rows]],
  ['CallDeviceType', current.deviceType.rows],
  ['CallType', current.callType.rows],
  ['CallEnterReason', current.enterReason.rows],
  ['CallLeaveReason', current.leaveReason.rows],
  ['CallReleaseCause', current.releaseCause.rows],
];

/** The values of an enum of the schema, with their descriptions. */
function valuesOf(enumName: string): Map<string, string> {
  const definition = enums.get(enumName);
  if (definition === undefined) throw new Error(`The schema has no enum ${enumName}`);
  return new Map((definition.values ?? []).map((value) => [value.name.value, value.description?.value ?? '']));
}

describe('the enums of the schema', () => {
  it.each(ENUM_ROWS)('%s has a code for each value, and a value for each code', (enumName, rows) => {
    const names = rows.map((row) => row.name);
    expect([...valuesOf(enumName).keys()].sort()).toEqual([...new Set(names), UNKNOWN].sort());
  });

  it.each(ENUM_ROWS.filter(([enumName]) => enumName !== 'CallSubMediaType'))(
    '%s tells the code and the meaning of each value',
    (enumName, rows) => {
      const values = valuesOf(enumName);
      for (const row of rows) expect(values.get(row.name)).toContain(`${row.meaning}. Code ${row.code}.`);
    },
  );

  it.each(ENUM_ROWS)('%s says of each value how surely it is known, unless it is sure', (enumName, rows) => {
    const values = valuesOf(enumName);
    for (const row of rows) {
      const said = /(Low|Medium) confidence/.exec(values.get(row.name) ?? '')?.[1]?.toUpperCase() ?? 'HIGH';
      // A channel that both editions have is as sure as the older one says, whose table is not in doubt.
      const surest = rows.filter((other) => other.name === row.name).map((other) => other.confidence);
      expect(surest).toContain(said);
    }
  });
});

describe('the code tables', () => {
  /** Counted in the documents: codes, those of medium and of low confidence. */
  it.each<[keyof CodeTables, number, number, number]>([
    ['mediaType', 28, 1, 0],
    ['subMediaType', 10, 3, 0],
    ['deviceType', 10, 0, 0],
    ['callType', 38, 3, 0],
    ['enterReason', 54, 0, 0],
    ['leaveReason', 54, 0, 0],
    ['releaseCause', 105, 21, 28],
    ['resultCode', 8, 0, 0],
  ])('%s holds %i codes, %i of medium and %i of low confidence', (table, codes, medium, low) => {
    const { rows } = current[table];
    expect(rows).toHaveLength(codes);
    expect(rows.filter((row) => row.confidence === 'MEDIUM')).toHaveLength(medium);
    expect(rows.filter((row) => row.confidence === 'LOW')).toHaveLength(low);
  });

  it.each([...tableNames(current)])(
    '%s has neither a code nor a name twice, and stands in the order of codes',
    (table) => {
      const { rows } = current[table];
      const codes = rows.map((row) => row.code);
      expect(new Set(codes).size).toBe(codes.length);
      expect(new Set(rows.map((row) => row.name)).size).toBe(codes.length);
      expect(codes).toEqual([...codes].sort((a, b) => a - b));
    },
  );

  it.each([...tableNames(current)])('%s gives each row a name, a meaning of one clause and a source', (table) => {
    for (const row of current[table].rows) {
      expect(row.name).toMatch(/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/);
      expect(row.meaning).toMatch(/^\S.*[^.\s]$/);
      expect(row.source).toMatch(/\S/);
      expect(current[table].nameOf(row.code)).toBe(row.name);
    }
  });

  it.each<[string, readonly CodeRow[]]>([
    ...tableNames(current).map((name): [string, readonly CodeRow[]] => [name, current[name].rows]),
    ['subMediaType of the older edition', legacy.subMediaType.rows],
  ])('%s tells the meaning of each row in Chinese too, in one clause', (_, rows) => {
    for (const row of rows) {
      expect(row.zh).toMatch(/\p{Script=Han}/u);
      expect(row.zh).toMatch(/^\S.*[^。.\s]$/);
      expect(row.zh).not.toBe(row.meaning);
    }
  });

  /** Counted by hand against the vendor's Chinese pages; the rest is our translation. */
  it.each<[keyof CodeTables, number]>([
    ['mediaType', 27],
    ['subMediaType', 1],
    ['deviceType', 10],
    ['callType', 38],
    ['enterReason', 54],
    ['leaveReason', 54],
    ['releaseCause', 70],
    ['resultCode', 8],
  ])('%s has the vendor’s own Chinese for %i codes', (table, count) => {
    expect(current[table].rows.filter((row) => row.zhSource === 'VENDOR')).toHaveLength(count);
  });

  it('call a success-transfer supervised, not attended: nobody need talk to the target', () => {
    const row = current.enterReason.rows.find(({ code }) => code === 28);
    expect(row).toMatchObject({ zh: '成功转队列', zhSource: 'VENDOR' });
    expect(row?.meaning).toMatch(/^Supervised transfer to a queue/);
  });

  it.each([...tableNames(current)])('%s calls a code it does not know UNKNOWN, and no code null', (table) => {
    expect(current[table].nameOf(9999)).toBe(UNKNOWN);
    expect(current[table].nameOf(null)).toBeNull();
  });

  it('know media type 22, but not 23, which only ends the vendor’s list', () => {
    expect(current.mediaType.nameOf(22)).toBe('VC_CALL');
    expect(current.mediaType.nameOf(23)).toBe(UNKNOWN);
  });

  it('know the gaps of the reasons', () => {
    for (const code of [21, 32, 33, 55, 87]) expect(current.leaveReason.nameOf(code)).toBe(UNKNOWN);
    for (const code of [0, 20, 54, 88, 89]) expect(current.leaveReason.nameOf(code)).not.toBe(UNKNOWN);
  });

  it('number the social channels 7 to 10 by the edition', () => {
    const channels = (tables: CodeTables) => [7, 8, 9, 10].map((code) => tables.subMediaType.nameOf(code));
    expect(channels(current)).toEqual(['EMAIL', 'SMS', 'TELEGRAM', 'INSTAGRAM']);
    expect(channels(legacy)).toEqual(['RCS_5G_MESSAGE', 'EMAIL', 'SMS', UNKNOWN]);
    expect(legacy.subMediaType.rows.slice(0, 6)).toEqual(current.subMediaType.rows.slice(0, 6).map(withLegacySource));
  });

  it('write a result code with its leading zero, and any other code plainly', () => {
    expect(current.resultCode.rows.map((row) => row.wireCode)).toEqual([
      '0100000',
      '0100001',
      '0100002',
      '0100003',
      '0100999',
      '0101001',
      '0101002',
      '0101003',
    ]);
    expect(current.mediaType.rows.find((row) => row.code === 5)?.wireCode).toBe('5');
  });

  function withLegacySource(row: CodeRow): CodeRow {
    return { ...row, source: legacy.subMediaType.rows[0]?.source ?? '' };
  }
});

describe('an operator’s meanings', () => {
  const meanings = { releaseCause: { '531': 'The caller rang off', '9001': 'Bridge closed for the night' } };
  const { releaseCause, mediaType } = createCodeTables({ meanings });

  it('replace the meaning of a code, not its name', () => {
    expect(releaseCause.rows.find((row) => row.code === 531)).toMatchObject({
      name: 'USER_HANGUP',
      wireCode: '531',
      meaning: 'The caller rang off',
      confidence: 'HIGH',
      source: 'operator of this gateway',
    });
    expect(releaseCause.nameOf(531)).toBe('USER_HANGUP');
  });

  it('are in Chinese what the operator says, and in English if there is no Chinese', () => {
    const both = { releaseCause: { '531': { en: 'The caller rang off', zh: '来电者挂机' }, '9001': 'Bridge closed' } };
    const { rows } = createCodeTables({ meanings: both }).releaseCause;
    const chineseOf = (code: number) => rows.find((row) => row.code === code);
    expect(chineseOf(531)).toMatchObject({ meaning: 'The caller rang off', zh: '来电者挂机', zhSource: 'OPERATOR' });
    expect(chineseOf(9001)).toMatchObject({ meaning: 'Bridge closed', zh: 'Bridge closed', zhSource: 'OPERATOR' });
    expect(chineseOf(537)).toMatchObject({ zh: '外呼：被叫忙', zhSource: 'OURS' });
  });

  it('add a row, named UNKNOWN and in its place, for a code that has none', () => {
    const codes = releaseCause.rows.map((row) => row.code);
    expect(codes).toHaveLength(current.releaseCause.rows.length + 1);
    expect(codes).toEqual([...codes].sort((a, b) => a - b));
    expect(releaseCause.rows.find((row) => row.code === 9001)).toMatchObject({
      name: UNKNOWN,
      wireCode: '9001',
      meaning: 'Bridge closed for the night',
    });
    expect(releaseCause.nameOf(9001)).toBe(UNKNOWN);
  });

  it('leave the other tables, and other deployments, alone', () => {
    expect(mediaType.rows).toEqual(createCodeTables().mediaType.rows);
    expect(createCodeTables().releaseCause.rows.find((row) => row.code === 531)?.meaning).toBe('The customer hung up');
  });
});

describe('directionOf', () => {
  it.each([
    [0, 'INBOUND'],
    [7, 'OUTBOUND'],
    [43, 'OUTBOUND'],
    [51, 'INTERNAL'],
    [9999, UNKNOWN],
    [null, null],
  ])('gives call type %p the direction %s', (callType, direction) => {
    expect(directionOf(callType)).toBe(direction);
  });

  it('knows one for each call type there is', () => {
    for (const row of current.callType.rows)
      expect(['INBOUND', 'OUTBOUND', 'INTERNAL']).toContain(directionOf(row.code));
  });
});

describe('the schema', () => {
  /** What a reader of the IDE can point at: types, fields, arguments, enum values. */
  const DESCRIBED = [
    Kind.SCALAR_TYPE_DEFINITION,
    Kind.OBJECT_TYPE_DEFINITION,
    Kind.INTERFACE_TYPE_DEFINITION,
    Kind.INPUT_OBJECT_TYPE_DEFINITION,
    Kind.ENUM_TYPE_DEFINITION,
    Kind.FIELD_DEFINITION,
    Kind.INPUT_VALUE_DEFINITION,
    Kind.ENUM_VALUE_DEFINITION,
  ] as const;

  it('describes every type, field, argument and value', () => {
    const found = new Map<string, string>();
    for (const document of documents) {
      const path: string[] = [];
      const enterLeave = {
        enter(node: { name: { value: string }; description?: { value: string } | undefined }) {
          path.push(node.name.value);
          found.set(path.join('.'), node.description?.value ?? '');
        },
        leave() {
          path.pop();
        },
      };
      visit(document, Object.fromEntries(DESCRIBED.map((kind) => [kind, enterLeave])));
    }
    expect([...found.keys()]).toEqual(
      expect.arrayContaining([
        'Query.call.vdn',
        'CallKeyInput.month',
        'CallLeg.waitBegin',
        'CallReleaseCause.USER_HANGUP',
      ]),
    );
    expect([...found].filter(([, description]) => description.trim() === '').map(([name]) => name)).toEqual([]);
  });
});

function tableNames(tables: CodeTables): (keyof CodeTables)[] {
  return Object.keys(tables) as (keyof CodeTables)[];
}
