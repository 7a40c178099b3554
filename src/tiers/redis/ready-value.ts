import type { FoundView, ReadyView } from '../../call/ready-view.js';

/**
 * A value that holds, before the bytes of a trace, views of it that gateways have made. Numbers are big-endian:
 *
 * | bytes | what |
 * |---|---|
 * | 1 | `v`, where a value without views has the first byte of its trace |
 * | 1 | edition of this form: 1 |
 * | 4 | where the bytes of the trace begin |
 * | 8 | when the trace was fetched (a double), in ms since 1970-01-01 UTC |
 * | 1, n | length of the canonical text of the key, and the text |
 * | 1 | how many views |
 * | 22, 1, 1, 4 each | of each view: its id, 1 if it shows numbers, how many parts it has, and their lengths |
 * | | the parts of all views, then the trace |
 */
const MARK = 'v'.charCodeAt(0);
const EDITION = 1;
const TRACE_AT = 2;
const FETCHED_AT = 6;
const KEY_AT = 14;
/** Of the id of a view: ASCII. */
const ID_BYTES = 22;

/** Views beside one trace: of so many selections. */
const MAX_VIEWS = 8;
/** All that lies before the bytes of a trace is no longer: every reader of the trace must pass it by. Unit: bytes. */
const MAX_BYTES = 64 * 1024;
/** A text or a list whose length is one byte. */
const MAX_IN_A_BYTE = 255;

/** The bytes of the trace in a value, without the views. */
export function withoutViews(value: Buffer): Buffer {
  return isOurs(value) ? value.subarray(value.readUInt32BE(TRACE_AT)) : value;
}

/** The view of this id in the value of a key; null if there is none. Its bytes are part of the value's. */
export function findView(value: Buffer, keyText: string, id: string): FoundView | null {
  const found = viewsIn(value, keyText, id)[0];
  if (!found) return null;
  const { parts, showsNumbers } = found;
  return { parts, showsNumbers, fetchedAt: value.readDoubleBE(FETCHED_AT) };
}

/** The value with one more view in it; null if it has that already, or no room for it. The id has 22 characters of ASCII. */
export function addView(
  value: Buffer,
  { keyText, fetchedAt }: { readonly keyText: string; readonly fetchedAt: number },
  id: string,
  view: ReadyView,
): Buffer | null {
  const before = viewsIn(value, keyText);
  if (before.length >= MAX_VIEWS || before.some((one) => one.id === id)) return null;
  if (keyText.length > MAX_IN_A_BYTE || view.parts.length > MAX_IN_A_BYTE) return null;
  const views = [...before, { ...view, id }];
  const head = Buffer.alloc(KEY_AT);
  const key = Buffer.from([keyText.length, ...Buffer.from(keyText, 'latin1'), views.length]);
  const rows = views.map((one) => {
    const row = Buffer.alloc(rowBytes(one.parts.length));
    row.write(one.id, 'latin1');
    row[ID_BYTES] = one.showsNumbers ? 1 : 0;
    row[ID_BYTES + 1] = one.parts.length;
    one.parts.forEach(({ length }, index) => row.writeUInt32BE(length, ID_BYTES + 2 + LENGTH_BYTES * index));
    return row;
  });
  const start = Buffer.concat([head, key, ...rows, ...views.flatMap(({ parts }) => parts)]);
  if (start.length > MAX_BYTES) return null;
  start[0] = MARK;
  start[1] = EDITION;
  start.writeUInt32BE(start.length, TRACE_AT);
  start.writeDoubleBE(fetchedAt, FETCHED_AT);
  return Buffer.concat([start, withoutViews(value)]);
}

interface KeptView extends ReadyView {
  readonly id: string;
}

/** The views in the value of a key, or that of one id alone; none if it is not of this form, not that of the key, or broken. */
function viewsIn(value: Buffer, keyText: string, id?: string): KeptView[] {
  if (!isOurs(value)) return [];
  const views: KeptView[] = [];
  try {
    const keyEnd = KEY_AT + 1 + value.readUInt8(KEY_AT);
    if (value.toString('latin1', KEY_AT + 1, keyEnd) !== keyText) return [];
    const count = value.readUInt8(keyEnd);
    let row = keyEnd + 1;
    let part = row;
    for (let index = 0; index < count; index += 1) part += rowBytes(value.readUInt8(part + ID_BYTES + 1));
    for (let index = 0; index < count; index += 1) {
      const partCount = value.readUInt8(row + ID_BYTES + 1);
      const ofView = value.toString('latin1', row, row + ID_BYTES);
      const parts: Buffer[] = [];
      for (let number = 0; number < partCount; number += 1) {
        const end = part + value.readUInt32BE(row + ID_BYTES + 2 + LENGTH_BYTES * number);
        if (id === undefined || id === ofView) parts.push(value.subarray(part, end));
        part = end;
      }
      if (id === undefined || id === ofView)
        views.push({ id: ofView, parts, showsNumbers: value.readUInt8(row + ID_BYTES) === 1 });
      row += rowBytes(partCount);
    }
    return part === value.readUInt32BE(TRACE_AT) && part <= value.length ? views : [];
  } catch {
    return []; // a length points beyond the end
  }
}

const LENGTH_BYTES = 4;

function rowBytes(partCount: number): number {
  return ID_BYTES + 2 + LENGTH_BYTES * partCount;
}

function isOurs(value: Buffer): boolean {
  return value[0] === MARK && value[1] === EDITION && value.length > KEY_AT;
}
