import type { CallKey } from '../graph/call-key.js';
import { LANGUAGES, type Language } from '../texts/catalogue.js';
import { isZone } from '../time/zone.js';

/** What times are told from: as times of day, since the call began, or since the leg before began. */
export const UNITS = ['clock', 'start', 'previous'] as const;
export type Unit = (typeof UNITS)[number];

/** What the page shows, and how: all of it stands in its address. */
export interface View extends CallKey {
  /** The leg that is opened, by position; null: none. */
  readonly leg: number | null;
  /** The part of the call that the timeline shows; null: all of it. Unit: ms since 1970-01-01 UTC. */
  readonly range: { readonly from: number; readonly to: number } | null;
  /** Name of an IANA time zone. */
  readonly zone: string;
  readonly language: Language;
  readonly unit: Unit;
}

/** What an address that does not say it is taken to mean: as this browser is set. */
export type ViewDefaults = Pick<View, 'zone' | 'language'>;

const PATH = /^\/calls\/([^/]+)\/([^/]+)$/;

/** Returns the view of an address; null if it names no call, as that of the start page does. What is not valid in it is left out. */
export function readView(url: URL, defaults: ViewDefaults): View | null {
  const [, vdn = '', callId = ''] = PATH.exec(url.pathname) ?? [];
  if (callId === '') return null;
  const query = url.searchParams;
  const from = Date.parse(query.get('from') ?? '');
  const to = Date.parse(query.get('to') ?? '');
  const zone = query.get('zone') ?? '';
  return {
    vdn: Number(decoded(vdn)),
    callId: decoded(callId),
    month: query.get('month'),
    ccId: positive(query.get('ccId')),
    leg: positive(query.get('leg')),
    range: from < to ? { from, to } : null,
    zone: isZone(zone) ? zone : defaults.zone,
    language: oneOf(LANGUAGES, query.get('lang')) ?? defaults.language,
    unit: oneOf(UNITS, query.get('unit')) ?? 'clock',
  };
}

/** Returns the address of a view, from its path on. Whoever opens it sees the same. */
export function addressOf({ vdn, callId, month, ccId, leg, range, zone, language, unit }: View): string {
  const query = new URLSearchParams();
  const set = (name: string, value: string | number | null) => value !== null && query.set(name, String(value));
  set('month', month);
  set('ccId', ccId);
  set('leg', leg);
  set('from', range && new Date(range.from).toISOString());
  set('to', range && new Date(range.to).toISOString());
  set('zone', zone);
  set('lang', language);
  set('unit', unit);
  return `${pathOf(vdn, callId)}?${query.toString().replaceAll('%3A', ':').replaceAll('%2F', '/')}`;
}

/** Returns the path of a call's page. */
export function pathOf(vdn: number, callId: string): string {
  return `/calls/${vdn}/${encodeURIComponent(callId)}`;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function positive(text: string | null): number | null {
  return text !== null && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : null;
}

function oneOf<Value extends string>(values: readonly Value[], text: string | null): Value | null {
  return values.find((value) => value === text) ?? null;
}
