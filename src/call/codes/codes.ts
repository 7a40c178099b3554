import { CALL_TYPES } from './call-type.js';
import type { CodeRow, Direction } from './code-row.js';
import { DEVICE_TYPES } from './device-type.js';
import { MEDIA_TYPES } from './media-type.js';
import { REASONS } from './reason.js';
import { RELEASE_CAUSES } from './release-cause.js';
import { RESULT_CODES } from './result-code.js';
import { LEGACY_SUB_MEDIA_TYPES } from './sub-media-type-legacy.js';
import { SUB_MEDIA_TYPES } from './sub-media-type.js';

/** The name of a code that no table here knows. The number beside it still tells it apart. */
export const UNKNOWN = 'UNKNOWN';

/** One dictionary, read from code to name. */
export interface CodeTable<Name extends string = string> {
  readonly rows: readonly CodeRow<Name>[];
  /** The enum name of a code; `UNKNOWN` for one not in the table; null where there is no code. */
  nameOf(code: number | null): Name | typeof UNKNOWN | null;
}

/** Every dictionary of the interface. */
export interface CodeTables {
  readonly mediaType: CodeTable<(typeof MEDIA_TYPES)[number]['name']>;
  readonly subMediaType: CodeTable<SubMediaTypeName>;
  readonly deviceType: CodeTable<(typeof DEVICE_TYPES)[number]['name']>;
  readonly callType: CodeTable<(typeof CALL_TYPES)[number]['name']>;
  readonly enterReason: CodeTable<(typeof REASONS)[number]['name']>;
  readonly leaveReason: CodeTable<(typeof REASONS)[number]['name']>;
  readonly releaseCause: CodeTable<(typeof RELEASE_CAUSES)[number]['name']>;
  readonly resultCode: CodeTable<(typeof RESULT_CODES)[number]['name']>;
}

type SubMediaTypeName = (typeof SUB_MEDIA_TYPES)[number]['name'] | (typeof LEGACY_SUB_MEDIA_TYPES)[number]['name'];

/** Which generation of the vendor's documents numbers the social channels. */
export type SubMediaEdition = 'current' | 'legacy';

/** What an operator says that a code means: English alone, or with Chinese. */
export type OperatorMeaning = string | { readonly en: string; readonly zh?: string | undefined };

/** Meanings an operator knows better, by table and then by code: `{"releaseCause": {"9001": "Bridge closed for the night"}}`. */
export type CodeMeanings = { readonly [Table in keyof CodeTables]?: Readonly<Record<string, OperatorMeaning>> };

/** The dictionaries as one deployment speaks them. A meaning for a code that has no row adds one, named `UNKNOWN`. */
export function createCodeTables(options: { subMediaEdition?: SubMediaEdition; meanings?: CodeMeanings } = {}): CodeTables {
  const { subMediaEdition = 'current', meanings = {} } = options;
  const subMediaTypes: readonly CodeRow<SubMediaTypeName>[] = subMediaEdition === 'legacy' ? LEGACY_SUB_MEDIA_TYPES : SUB_MEDIA_TYPES;
  return {
    mediaType: createTable(MEDIA_TYPES, meanings.mediaType),
    subMediaType: createTable(subMediaTypes, meanings.subMediaType),
    deviceType: createTable(DEVICE_TYPES, meanings.deviceType),
    callType: createTable(CALL_TYPES, meanings.callType),
    enterReason: createTable(REASONS, meanings.enterReason),
    leaveReason: createTable(REASONS, meanings.leaveReason),
    releaseCause: createTable(RELEASE_CAUSES, meanings.releaseCause),
    resultCode: createTable(RESULT_CODES, meanings.resultCode),
  };
}

const DIRECTIONS = new Map(CALL_TYPES.map((row) => [row.code, row.direction]));

/** The direction that a call type implies; `UNKNOWN` for a type not in the table; null where there is no type. */
export function directionOf(callType: number | null): Direction | typeof UNKNOWN | null {
  return callType === null ? null : (DIRECTIONS.get(callType) ?? UNKNOWN);
}

function createTable<Name extends string>(rows: readonly CodeRow<Name>[], meanings: Readonly<Record<string, OperatorMeaning>> = {}): CodeTable<Name> {
  const names = new Map(rows.map((row) => [row.code, row.name]));
  const renamed = rows.map((row) => {
    const meaning = meanings[row.code];
    return meaning === undefined ? row : { ...row, ...operatorWords(meaning) };
  });
  const added = Object.entries(meanings)
    .filter(([code]) => !names.has(Number(code)))
    .map(([code, meaning]) => ({ code: Number(code), wireCode: code, name: UNKNOWN as Name, ...operatorWords(meaning) }));
  return {
    rows: [...renamed, ...added].sort((a, b) => a.code - b.code),
    nameOf: (code) => (code === null ? null : (names.get(code) ?? UNKNOWN)),
  };
}

const OPERATOR = 'operator of this gateway';

function operatorWords(meaning: OperatorMeaning): Pick<CodeRow, 'meaning' | 'zh' | 'zhSource' | 'source' | 'confidence'> {
  const { en, zh = en } = typeof meaning === 'string' ? { en: meaning } : meaning;
  return { meaning: en, zh, zhSource: 'OPERATOR', source: OPERATOR, confidence: 'HIGH' };
}
