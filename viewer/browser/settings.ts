import type { Language } from '../texts/catalogue.js';

/** What the gateway tells the page, in a `meta` of the shell: the same for all who open it. */
export interface Settings {
  /** Whether this browser may remember the calls that were looked at. */
  readonly history: boolean;
  /** What to sign in with until the user gives something else: in the demo alone. */
  readonly key: string;
  /** Where the meanings of codes are, by language. */
  readonly codes: Readonly<Record<Language, string>>;
  /** Where the reference of the schema is; null: it is not served. */
  readonly reference: string | null;
  /** Calls to begin with: in the demo alone. */
  readonly stories: string | null;
}

/** One call of the demo. */
export interface Story {
  readonly vdn: number;
  readonly callId: string;
  readonly month: string | null;
  readonly name: string;
  readonly description: Readonly<Record<Language, string>>;
}

/** Returns the settings in the page. */
export function readSettings(): Settings {
  const meta = document.querySelector<HTMLMetaElement>('meta[name="call-trace-settings"]');
  return {
    history: false,
    key: '',
    codes: { en: '', zh: '' },
    reference: null,
    stories: null,
    ...(JSON.parse(meta?.content ?? '{}') as Partial<Settings>),
  };
}
