/** What a link to a call can hold, beside the call. */
export interface LinkOptions {
  readonly month?: string | undefined;
  readonly ccId?: number | undefined;
  /** Position of the leg that is opened. */
  readonly leg?: number | undefined;
  /** IANA name. */
  readonly timeZone?: string | undefined;
  readonly language?: 'en' | 'zh' | undefined;
}

/** Returns the address of the page that shows a call. It holds no credential: the page asks for one. */
export function permalink(base: URL, vdn: number, callId: string, options: LinkOptions): string {
  const { month, ccId, leg, timeZone, language } = options;
  const url = new URL(`calls/${vdn}/${encodeURIComponent(callId)}`, base);
  for (const [name, value] of Object.entries({ month, ccId, leg, zone: timeZone, lang: language })) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return url.href;
}
