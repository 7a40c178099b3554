import { readAnswer, type Answer } from './answer.js';
import { attempt, type Fetch } from './attempt.js';
import type { AnyDocument } from './document.js';
import { NOT_RETRYABLE, TransportError } from './errors.js';
import type { Address } from './options.js';
import { bodyOf, headersOf, type Credential, type DocumentForm, type RequestOptions } from './request.js';
import { createRetryBudget, withRetries, type RetryOptions } from './retry.js';

/** What goes with one operation. */
export interface AskOptions extends RequestOptions {
  /**
   * What becomes of an answer of which a part failed. `all`, the default: it is an answer, with its errors. `none`: it
   * rejects with the first of them, after retries if that is retryable.
   */
  readonly errorPolicy?: 'all' | 'none' | undefined;
}

/**
 * Asks one operation. Rejects with a GatewayError if it is refused as a whole, with a TransportError if no answer of a
 * gateway comes; with either only after the retries that may help. Throws a TypeError for options that cannot be sent.
 */
export type Ask = <Data, Variables>(
  document: AnyDocument<Data, Variables>,
  variables?: Variables,
  options?: AskOptions,
) => Promise<Answer<Data>>;

/** What asking needs. */
export interface AskDependencies extends RetryOptions {
  readonly address: Address;
  /** Called before each attempt: tokens expire. */
  readonly credential: () => Credential | undefined | Promise<Credential | undefined>;
  readonly fetch: Fetch;
  readonly timeoutMs: number;
  readonly clientName: string;
  readonly documents: DocumentForm;
}

/** Returns what asks the gateway. */
export function createAsk(dependencies: AskDependencies): Ask {
  const { address, credential, fetch, timeoutMs, clientName, documents } = dependencies;
  const budget = createRetryBudget();
  return async <Data, Variables>(
    document: AnyDocument<Data, Variables>,
    variables?: Variables,
    options: AskOptions = {},
  ): Promise<Answer<Data>> => {
    const { signal, requestId = null, errorPolicy = 'all' } = options;
    const body = bodyOf(document, variables, documents);
    const headers = async () => headersOf(await credentialFrom(credential, requestId), clientName, options);
    const once = async (): Promise<Answer<unknown>> => {
      const response = await attempt(fetch, { address, headers, body, timeoutMs, requestId, signal });
      const answer = readAnswer(address.name, response, requestId);
      const [first] = answer.errors;
      if (errorPolicy === 'none' && first !== undefined) throw first;
      return answer;
    };
    // The types are what the schema promises for this document.
    return (await withRetries(once, dependencies, budget, signal)) as Answer<Data>;
  };
}

async function credentialFrom(
  give: AskDependencies['credential'],
  requestId: string | null,
): Promise<Credential | undefined> {
  try {
    return await give();
  } catch (cause) {
    const circumstances = { ...NOT_RETRYABLE, requestId, status: null };
    throw new TransportError('NO_CREDENTIAL', 'Not asked: there is no credential.', circumstances, { cause });
  }
}
