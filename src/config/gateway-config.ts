import type { AuthenticatorOptions } from '../access/credentials.js';
import type { EncryptionKey } from '../cache/redis/encryption.js';
import type { CodeMeanings, SubMediaEdition } from '../call/codes/codes.js';
import type { LifeRules } from '../call/life.js';
import type { Readings } from '../call/understanding/understanding.js';
import type { ViewerOptions } from '../http/viewer.js';
import type { TracingConfig } from './tracing-config.js';
import type { UpstreamConfig } from './upstream-config.js';

/** The configuration of a gateway. It is frozen. */
export interface Config {
  readonly server: {
    readonly host: string;
    readonly port: number;
    readonly corsOrigins: readonly string[];
    readonly ide: boolean;
    /** Headers that the IDE sends unless its user changes them. Everybody can read them, so only the demo sets any. */
    readonly ideHeaders: Readonly<Record<string, string>>;
    /** The page that shows calls; null: it is not served. */
    readonly viewer: ViewerOptions | null;
    readonly introspection: boolean;
    readonly maxBodyBytes: number;
    readonly deadlineMs: number;
    readonly maxConnections: number;
    readonly receiveTimeoutMs: number;
    readonly keepAliveTimeoutMs: number;
    /** The port of /metrics and /readyz; null: `port`. */
    readonly adminPort: number | null;
    readonly trustedProxies: number;
    /** How long the gateway continues to serve, with 503 at /readyz, after a signal to stop. Unit: ms. */
    readonly drainMs: number;
    /** Which part of the address of a refused client is logged. */
    readonly logClientAddress: 'full' | 'network' | 'none';
  };
  /** Per minute; 0: no limit. */
  readonly rateLimit: {
    /** Points of each caller. */
    readonly points: number;
    /** Wrong credentials of each client address. */
    readonly failedLogins: number;
  };
  /** Who may send requests. */
  readonly authentication: AuthenticatorOptions;
  /** Whether the fast path is on. */
  readonly fastPath: boolean;
  /** The commit of the build; undefined if REVISION is not set. */
  readonly revision: string | undefined;
  readonly logLevel: string;
  /** Most names of operations that become labels of metrics. */
  readonly maxOperationNames: number;
  /** The file of the audit log; null: audit events go to the log. */
  readonly auditLogFile: string | null;
  /** Whether phone numbers are masked while audit events cannot be written. */
  readonly auditRequired: boolean;
  readonly numbers: {
    /** How many characters at the end of a phone number stay unmasked. */
    readonly maskKeepDigits: number;
    /** The key for hashes of phone numbers; undefined: no hashes. */
    readonly hashKey: string | undefined;
  };
  /** The limits of one request: see graphql/limits/limits.ts. */
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
  /** The trusted documents: other documents are logged (`log`) or refused (`enforce`). */
  readonly trustedDocuments: {
    readonly mode: 'off' | 'log' | 'enforce';
    readonly manifest: readonly { readonly id: string; readonly text: string }[];
  };
  readonly upstream: UpstreamConfig;
  readonly tracing: TracingConfig;
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
  /** How long traces stay fresh and usable; the bounds of months follow from `timeZoneOf`. */
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
