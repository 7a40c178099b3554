import { CALL_TYPES } from '../codes/call-type.js';
import type { CodeRow, Confidence } from '../codes/code-row.js';
import { DEVICE_TYPES } from '../codes/device-type.js';
import { MEDIA_TYPES } from '../codes/media-type.js';
import { REASONS } from '../codes/reason.js';
import { RELEASE_CAUSES } from '../codes/release-cause.js';

/** Fields of a record that hold codes which derivations read. */
export const CODE_FIELDS = [
  'deviceType',
  'callType',
  'mediaType',
  'enterReason',
  'leaveReason',
  'releaseCause',
] as const;
export type CodeField = (typeof CODE_FIELDS)[number];

const byCode = (rows: readonly CodeRow[]): ReadonlyMap<number, CodeRow> => new Map(rows.map((row) => [row.code, row]));
const ROWS: Readonly<Record<CodeField, ReadonlyMap<number, CodeRow>>> = {
  deviceType: byCode(DEVICE_TYPES),
  callType: byCode(CALL_TYPES),
  mediaType: byCode(MEDIA_TYPES),
  enterReason: byCode(REASONS),
  leaveReason: byCode(REASONS),
  releaseCause: byCode(RELEASE_CAUSES),
};

/** The row of a code, or undefined if no table knows it. */
export function rowOf(field: CodeField, code: number): CodeRow | undefined {
  return ROWS[field].get(code);
}

const BELOW_HIGH: readonly Confidence[] = ['LOW', 'MEDIUM'];

/** The lowest of some confidences; of none, HIGH. */
export function lowest(confidences: readonly Confidence[]): Confidence {
  return BELOW_HIGH.find((one) => confidences.includes(one)) ?? 'HIGH';
}
