/** The call that a line names. */
export interface CallKey {
  readonly vdn: number;
  readonly callId: string;
  readonly month?: string;
}

/** Returns a VDN; null if the text is none. Range: 1 to 5000. */
export function parseVdn(text: string): number | null {
  const vdn = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  return vdn >= 1 && vdn <= 5000 ? vdn : null;
}

/** Returns whether a text can be a call ID: 1 to 64 printable ASCII characters, no space at either end. */
export function isCallId(text: string): boolean {
  return /^[\x20-\x7e]{1,64}$/.test(text) && text.trim() === text;
}

/** Returns whether a text can be a month: `YYYY-MM`. */
export function isMonth(text: string): boolean {
  return /^\d{4}-(0[1-9]|1[0-2])$/.test(text);
}

/** Returns the call that a line `vdn,callId[,month]` names; null for an empty line; a sentence if it names none. */
export function parseKeyLine(line: string): CallKey | string | null {
  const text = line.trim();
  if (text === '') return null;
  const [first = '', callId = '', month, ...more] = text
    .split(',')
    .map((field) => field.trim().replace(/^"(.*)"$/, '$1'));
  const vdn = parseVdn(first);
  if (more.length > 0 || callId === '') return 'give vdn,callId or vdn,callId,month, such as 170,1749974400-11.';
  if (vdn === null) return 'the VDN, which comes first, must be a number from 1 to 5000.';
  if (!isCallId(callId)) return 'the call ID must be 1 to 64 printable ASCII characters, such as 1749974400-11.';
  if (month === undefined || month === '') return { vdn, callId };
  return isMonth(month) ? { vdn, callId, month } : 'the month must be YYYY-MM, such as 2025-06.';
}
