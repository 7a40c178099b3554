/** What the gateway tells about a question, or one call of it, that it could not answer. */
export interface GraphProblem {
  /** A value of the schema's `CallErrorCode`. */
  readonly code: string;
  readonly message: string;
  readonly retryable: boolean;
  /** Unit: ms from now. */
  readonly retryAfterMs: number | null;
  /** The argument that is wrong, where it is one. */
  readonly argument: string | null;
  readonly requestId: string | null;
}

/** A reply of the gateway: data, problems, or both. */
export interface GraphReply {
  /** By the name of the field in the document; null if nothing was answered. */
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly problems: readonly GraphProblem[];
}

/** Returns a reply read from its body; null if this is no reply of a GraphQL server. */
export function parseReply(body: string): GraphReply | null {
  const reply = parseJson(body);
  if (!isObject(reply)) return null;
  const { data = null, errors = [] } = reply;
  if ((data !== null && !isObject(data)) || !Array.isArray(errors) || (data === null && errors.length === 0))
    return null;
  return { data, problems: errors.map(parseProblem) };
}

function parseProblem(error: unknown): GraphProblem {
  const { message, extensions } = isObject(error) ? error : {};
  const { code, retryable, retryAfterMs, argument, requestId } = isObject(extensions) ? extensions : {};
  return {
    code: textOr(code, 'UNKNOWN'),
    message: textOr(message, 'The gateway did not say why.'),
    retryable: retryable === true,
    retryAfterMs: typeof retryAfterMs === 'number' ? retryAfterMs : null,
    argument: typeof argument === 'string' ? argument : null,
    requestId: typeof requestId === 'string' ? requestId : null,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Returns whether a value is a JSON object. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOr(value: unknown, other: string): string {
  return typeof value === 'string' ? value : other;
}
