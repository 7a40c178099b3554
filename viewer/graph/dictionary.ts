import type { Code, Confidence } from './answer.js';

/** Which dictionary explains a field of a record. */
const TABLES: Readonly<Record<string, string>> = {
  deviceType: 'DEVICE_TYPE',
  callType: 'CALL_TYPE',
  enterReason: 'ENTER_REASON',
  leaveReason: 'LEAVE_REASON',
  releaseCause: 'RELEASE_CAUSE',
  mediaType: 'MEDIA_TYPE',
};

/** What codes mean, in the language that was asked for. */
export interface Dictionary {
  /** The meaning of a code in a field of a record (`leaveReason`); null if it is in no table, or the tables did not come. */
  meaningOf(field: string, code: number | null | undefined): Meaning | null;
}

export interface Meaning {
  readonly text: string;
  readonly confidence: Confidence;
}

/** Knows nothing. */
export const NO_DICTIONARY: Dictionary = { meaningOf: () => null };

/** Returns the dictionary of some rows. */
export function createDictionary(codes: readonly Code[]): Dictionary {
  const meanings = new Map(
    codes.map(({ table, code, meaning, confidence }) => [`${table} ${code}`, { text: meaning, confidence }]),
  );
  return { meaningOf: (field, code) => meanings.get(`${TABLES[field] ?? ''} ${code ?? ''}`) ?? null };
}

/** Loads the dictionary of a language from where the gateway keeps it. Knows nothing if it does not come. */
export async function loadDictionary(url: string): Promise<Dictionary> {
  try {
    const response = await fetch(url, { credentials: 'omit' });
    return response.ok ? createDictionary((await response.json()) as readonly Code[]) : NO_DICTIONARY;
  } catch {
    return NO_DICTIONARY;
  }
}
