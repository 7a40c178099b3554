import type { AuthenticatorOptions } from '../access/authenticator.js';
import type { EncryptionKey } from '../cache/redis/encryption.js';
import type { CodeMeanings, SubMediaEdition } from '../call/codes/codes.js';
import type { LifeRules } from '../call/life.js';
import type { Readings } from '../call/understanding/understanding.js';
import type { UpstreamConfig } from './upstream-config.js';

/** What the gateway is started with. Nothing in it changes. */
export interface Config {
  readonly server: {
    readonly host: string;
    readonly port: number;
    readonly corsOrigins: readonly string[];
    readonly ide: boolean;
    /** Headers that the IDE sends unless its user changes them: none but in the demo, for everybody can read them. */
    readonly ideHeaders: Readonly<Record<string, string>>;
    readonly introspection: boolean;
    readonly maxBodyBytes: number;
    readonly deadlineMs: number;
    readonly maxConnections: number;
    readonly receiveTimeoutMs: number;
    readonly keepAliveTimeoutMs: number;
    /** Port for /metrics and /readyz; null: they are at the other one. */
    readonly adminPort: number | null;
    readonly trustedProxies: number;
    /** How long the gateway serves on, with 503 at /readyz, once it is to stop. Unit: ms. */
    readonly drainMs: number;
    /** How much of the address of a refused client the log shows. */
    readonly logClientAddress: 'full' | 'network' | 'none';
  };
  /** Per minute; 0: no limit. */
  readonly rateLimit: {
    /** Of each caller. */
    readonly points: number;
    /** Of each client address. */
    readonly failedLogins: number;
  };
  /** Who may ask. */
  readonly authentication: AuthenticatorOptions;
  /** Whether usual questions are answered past the plain way. */
  readonly fastPath: boolean;
  /** What was built, such as a commit; undefined if nobody said. */
  readonly revision: string | undefined;
  readonly logLevel: string;
  /** How many names of operations the metrics tell apart. */
  readonly maxOperationNames: number;
  /** Where audit events go; null: to the log. */
  readonly auditLogFile: string | null;
  /** Whether phone numbers are masked while audit events cannot be written. */
  readonly auditRequired: boolean;
  readonly numbers: {
    /** How many characters of a phone number a mask leaves, at its end. */
    readonly maskKeepDigits: number;
    /** For the hashes that stand for phone numbers; undefined: there are none. */
    readonly hashKey: string | undefined;
  };
  /** How much one request may ask: see graphql/limits/limits.ts. */
  readonly limits: {
    readonly documentBytes: number;
    readonly tokens: number;
    readonly depth: number;
    readonly aliases: number;
    readonly rootFields: number;
    readonly repetitions: number;
    readonly fragments: number;
    readonly directives: number;
    readonly variablesBytes: number;
    readonly variablesDepth: number;
    readonly cost: number;
    readonly fields: number;
  };
  /** The documents that clients were built with: others are told in the log, or not run. */
  readonly trustedDocuments: {
    readonly mode: 'off' | 'log' | 'enforce';
    readonly manifest: readonly { readonly id: string; readonly text: string }[];
  };
  readonly upstream: UpstreamConfig;
  readonly redis: {
    readonly url: string;
    readonly sentinelAuth: string | undefined;
    readonly ca: string | undefined;
    readonly protocol: 2 | 3;
    readonly commandTimeoutMs: number;
    readonly keyPrefix: string;
    readonly leaseMs: number;
    readonly encryptionKeys: readonly [EncryptionKey, ...EncryptionKey[]] | undefined;
  } | null;
  /** How long traces hold; the bounds of months follow from `timeZoneOf`. */
  readonly lifeRules: Omit<LifeRules, 'monthBoundsOf'>;
  readonly staleWhileRevalidate: boolean;
  readonly memoryBytes: number;
  readonly defaultCcId: number;
  /** The zone in which a call centre cuts its months: an IANA name. */
  readonly timeZoneOf: (ccId: number) => string;
  /** How the two times are read on which the documents disagree. */
  readonly readings: Readings;
  readonly codes: { readonly subMediaEdition: SubMediaEdition; readonly meanings: CodeMeanings };
}
