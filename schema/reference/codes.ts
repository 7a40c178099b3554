import { createCodeTables, type CodeTables } from '../../src/call/codes/codes.js';

/** One number behind an enum value. */
export interface CodeNote {
  readonly code: number;
  readonly zh: string;
  readonly confidence: 'HIGH' | 'MEDIUM' | 'LOW';
  readonly source: string;
}

/** The dictionary of each enum of coded fields. */
const DICTIONARIES: Readonly<Record<string, keyof CodeTables>> = {
  CallMediaType: 'mediaType',
  CallSubMediaType: 'subMediaType',
  CallDeviceType: 'deviceType',
  CallType: 'callType',
  CallEnterReason: 'enterReason',
  CallLeaveReason: 'leaveReason',
  CallReleaseCause: 'releaseCause',
};

/** Returns the numbers that an enum value stands for, with how surely that is known; none for other enums. */
export function codesOf(enumName: string, value: string): CodeNote[] {
  const table = DICTIONARIES[enumName];
  if (!table) return [];
  const { rows } = createCodeTables()[table];
  return rows
    .filter(({ name }) => name === value)
    .map(({ code, zh, confidence, source }) => ({ code, zh, confidence, source }));
}
