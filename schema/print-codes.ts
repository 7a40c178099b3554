/**
 * Writes codes.graphql, the enums of the coded fields, from the code tables. Run by `npm run codegen`.
 * With --check it writes nothing and exits 1 if the file is not what it would write.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import type { CodeRow } from '../src/call/codes/code-row.js';
import { createCodeTables, UNKNOWN } from '../src/call/codes/codes.js';

const current = createCodeTables();
const legacy = createCodeTables({ subMediaEdition: 'legacy' });

const ENUMS: readonly [name: string, description: string, rows: readonly CodeRow[]][] = [
  ['CallMediaType', 'Media a call can use.', current.mediaType.rows],
  [
    'CallSubMediaType',
    'Channels of a social call. 7 to 9 are numbered by the edition of the documents that the contact centre follows.',
    byName([...current.subMediaType.rows, ...legacy.subMediaType.rows]),
  ],
  ['CallDeviceType', 'What can hold a leg of a call.', current.deviceType.rows],
  ['CallType', 'Kinds of call.', current.callType.rows],
  ['CallEnterReason', 'Why a call came to a device.', current.enterReason.rows],
  ['CallLeaveReason', 'Why a call left a device.', current.leaveReason.rows],
  [
    'CallReleaseCause',
    'Why a whole call ended. Known in part only: expect `UNKNOWN`, and read the number beside it.',
    current.releaseCause.rows,
  ],
];

const CONFIDENCE = {
  HIGH: '',
  MEDIUM: ' Medium confidence: not from an official table of this field.',
  LOW: ' Low confidence: from the table of another interface, or one unclear source.',
};

function byName(rows: readonly CodeRow[]): CodeRow[] {
  return [...new Map(rows.map((row) => [row.name, { ...row, code: NaN }])).values()];
}

function printEnum(name: string, description: string, rows: readonly CodeRow[]): string {
  const values = rows.map((row) =>
    printValue(
      row.name,
      `${row.meaning}.${Number.isNaN(row.code) ? '' : ` Code ${row.code}.`}${CONFIDENCE[row.confidence]}`,
    ),
  );
  const unknown = printValue(UNKNOWN, 'A code that this gateway does not know; the number stands beside it.');
  return `${JSON.stringify(description)}\nenum ${name} {\n${[...values, unknown].join('\n')}\n}\n`;
}

function printValue(name: string, description: string): string {
  return `  ${JSON.stringify(description)}\n  ${name}`;
}

const file = new URL('codes.graphql', import.meta.url);
const text = `# Written by print-codes.ts from src/call/codes/; run \`npm run codegen\` after a change there.\n\n${ENUMS.map((entry) => printEnum(...entry)).join('\n')}`;

if (!process.argv.includes('--check')) {
  writeFileSync(file, text);
} else if (readFileSync(file, 'utf8') !== text) {
  console.error('schema/codes.graphql is out of date: run `npm run codegen` and commit the result.');
  process.exitCode = 1;
}
