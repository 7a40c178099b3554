import type { CodeRow } from '../call/codes/code-row.js';
import type { CodeTables } from '../call/codes/codes.js';

/** The dictionaries by the names that clients use, in the order of the schema. */
const TABLES = {
  MEDIA_TYPE: 'mediaType',
  SUB_MEDIA_TYPE: 'subMediaType',
  DEVICE_TYPE: 'deviceType',
  CALL_TYPE: 'callType',
  ENTER_REASON: 'enterReason',
  LEAVE_REASON: 'leaveReason',
  RELEASE_CAUSE: 'releaseCause',
  RESULT_CODE: 'resultCode',
} as const satisfies Readonly<Record<string, keyof CodeTables>>;
type TableName = keyof typeof TABLES;

/** A row, and the dictionary that it stands in. */
export interface DictionaryRow extends CodeRow {
  readonly table: TableName;
}

/** Returns the rows of one dictionary; with null those of all, one after the other. */
export function dictionaryRows(codes: CodeTables, table: TableName | null): DictionaryRow[] {
  const tables = table === null ? (Object.keys(TABLES) as TableName[]) : [table];
  return tables.flatMap((name) => codes[TABLES[name]].rows.map((row) => ({ ...row, table: name })));
}
