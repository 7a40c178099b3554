import type { GatewayError } from '../../../client/src/errors.js';

/** What the program ends with. 130, interrupted, is set in main.ts. */
export const EXIT = {
  found: 0,
  failed: 1,
  usage: 2,
  notFound: 3,
  forbidden: 4,
  unavailable: 5,
  findings: 6,
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Why nothing can be shown: a message for people, which never holds a credential, and what the program ends with. */
export class Failure extends Error {
  readonly exitCode: ExitCode;
  constructor(exitCode: ExitCode, message: string) {
    super(message);
    this.name = 'Failure';
    this.exitCode = exitCode;
  }
}

/** Returns what a problem that the gateway tells means for the program. */
export function exitCodeOf({ code, retryable }: Pick<GatewayError, 'code' | 'retryable'>): ExitCode {
  if (code === 'UNAUTHENTICATED' || code === 'FORBIDDEN') return EXIT.forbidden;
  if (code === 'BAD_USER_INPUT') return EXIT.usage;
  return retryable ? EXIT.unavailable : EXIT.failed;
}

/** Returns a problem that the gateway tells as a failure: its message, what to give instead, and how to find it in the log. */
export function failureOf(problem: GatewayError): Failure {
  const { code, message, argument, requestId } = problem;
  const lines = [`${message} (${code}${requestId === null ? '' : `, request ${requestId}`})`];
  if (code === 'UNAUTHENTICATED')
    lines.push('Give a key with --api-key-file FILE, CALL_TRACE_API_KEY or CALL_TRACE_TOKEN.');
  if (argument === 'logDate' || argument === 'month') lines.push('Give the month of the call: --month YYYY-MM.');
  return new Failure(exitCodeOf(problem), lines.join('\n'));
}
