/** The path of the contact centre's interface, which is part of a span's name. `upstream/wire.ts` has it by its type. */
export const TRACE_PATH = '/rest/cmsapp/v1/openapi/vdn/querycalltracedetail';

/** Every attribute of a span. No other can be exported, and none holds anything of a call or a caller. */
export interface SpanAttributes {
  readonly 'http.request.method'?: string | undefined;
  readonly 'http.route'?: string | undefined;
  readonly 'url.template'?: string | undefined;
  readonly 'http.response.status_code'?: number | undefined;
  /** Attempts before this one for the same call. */
  readonly 'http.request.resend_count'?: number | undefined;
  /** A word of ours: an outcome, a code of an error, or an HTTP status. */
  readonly 'error.type'?: string | undefined;
  /** The request ID, if it is a UUID: a client may put anything into another one. */
  readonly 'calltrace.request_id'?: string | undefined;
  /** Who answers; undefined: the client left before that was known. */
  readonly 'calltrace.path'?: 'fast' | 'standard' | 'refused' | undefined;
  readonly 'graphql.operation.type'?: string | undefined;
  /** The label of the operation's name in the metrics. */
  readonly 'graphql.operation.name'?: string | undefined;
  /** Only of documents that hold no value of a call. */
  readonly 'calltrace.document.sha256'?: string | undefined;
  readonly 'calltrace.cost'?: number | undefined;
  /** How many traces of the answer came from where, and how many were stale. */
  readonly 'calltrace.answers.memory'?: number | undefined;
  readonly 'calltrace.answers.redis'?: number | undefined;
  readonly 'calltrace.answers.upstream'?: number | undefined;
  readonly 'calltrace.answers.stale'?: number | undefined;
  readonly 'calltrace.error.codes'?: readonly string[] | undefined;
  readonly 'calltrace.batch.size'?: number | undefined;
  readonly 'calltrace.refresh'?: boolean | undefined;
  /** Calls of the batch that joined a request in flight in this process. */
  readonly 'calltrace.joined'?: number | undefined;
  readonly 'db.system.name'?: string | undefined;
  readonly 'db.operation.name'?: string | undefined;
  readonly 'db.operation.batch.size'?: number | undefined;
  /** The purpose of a script: `write` or `lease`. */
  readonly 'db.stored_procedure.name'?: string | undefined;
  /** Of Redis or the contact centre, as configured. */
  readonly 'server.address'?: string | undefined;
  readonly 'server.port'?: number | undefined;
  /** How often the lease was tried. */
  readonly 'calltrace.lease.polls'?: number | undefined;
  /** Requests that wait for a slot. */
  readonly 'calltrace.queue.length'?: number | undefined;
  /** The result code of the contact centre's reply. */
  readonly 'calltrace.result_code'?: string | undefined;
}

type Form = (value: unknown) => boolean;

const text =
  (pattern: RegExp): Form =>
  (value) =>
    typeof value === 'string' && pattern.test(value);
const oneOf =
  (...values: readonly string[]): Form =>
  (value) =>
    values.some((one) => one === value);
const integer =
  (most: number): Form =>
  (value) =>
    Number.isInteger(value) && Number(value) >= 0 && Number(value) <= most;

/** More than any count here can be, and fewer digits than a phone number has. */
const COUNT = integer(999_999);
/** A name with four digits may hold a phone number or a call ID. */
const FOUR_DIGITS = /(?:\d\D*){4}/;

/** The form of each attribute: a value of another form is not exported. */
const FORMS: Readonly<Record<keyof SpanAttributes, Form>> = {
  'http.request.method': oneOf('POST', 'GET'),
  'http.route': oneOf('/graphql'),
  'url.template': oneOf(TRACE_PATH),
  'http.response.status_code': integer(599),
  'http.request.resend_count': COUNT,
  'error.type': text(/^([A-Za-z][A-Za-z_]{0,39}|http_(5xx|429)|5\d\d)$/),
  'calltrace.request_id': text(/^[\da-f]{8}-[\da-f]{4}-[1-8][\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/),
  'calltrace.path': oneOf('fast', 'standard', 'refused'),
  'graphql.operation.type': oneOf('query', 'mutation'),
  'graphql.operation.name': (value) => text(/^\w{1,64}$/)(value) && !text(FOUR_DIGITS)(value),
  'calltrace.document.sha256': text(/^[\da-f]{64}$/),
  'calltrace.cost': COUNT,
  'calltrace.answers.memory': COUNT,
  'calltrace.answers.redis': COUNT,
  'calltrace.answers.upstream': COUNT,
  'calltrace.answers.stale': COUNT,
  'calltrace.error.codes': (value) => Array.isArray(value) && value.every(text(/^[A-Z_]{1,40}$/)),
  'calltrace.batch.size': COUNT,
  'calltrace.refresh': (value) => typeof value === 'boolean',
  'calltrace.joined': COUNT,
  'db.system.name': oneOf('redis'),
  'db.operation.name': oneOf('GET', 'EVAL'),
  'db.operation.batch.size': COUNT,
  'db.stored_procedure.name': oneOf('write', 'lease'),
  'server.address': text(/^[\w.:-]{1,255}$/),
  'server.port': integer(65_535),
  'calltrace.lease.polls': COUNT,
  'calltrace.queue.length': COUNT,
  'calltrace.result_code': text(/^\d{7}$/),
};

/** What a span may hold. */
type Exported = Record<string, string | number | boolean | string[]>;

/** Returns the attributes that may be exported: those that are set, and have the form of their name. */
export function exportable(attributes: SpanAttributes): Exported {
  const forms: Readonly<Record<string, Form | undefined>> = FORMS;
  const fits = ([name, value]: [string, unknown]): boolean => forms[name]?.(value) === true;
  const entries: readonly [string, Exported[string]][] = Object.entries(attributes);
  return Object.fromEntries(entries.filter(fits));
}
