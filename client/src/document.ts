/** An operation with the types of its data and its variables. Those of this package are made from its `documents/`. */
export interface CallTraceDocument<Data, Variables> {
  /** `sha256:` and the SHA-256 of the text, in lower-case hex: its key in a manifest. Needed where only IDs are sent. */
  readonly id?: string | undefined;
  readonly text: string;
  /** Never there: carries the types. */
  readonly __apiType?: (variables: Variables) => Data;
}

/**
 * A document as a text: a string, or what graphql-codegen's preset `client` makes with `documentMode: string`, which
 * knows its types, and its ID if the preset was told to persist documents.
 */
export interface TextDocument<Data, Variables> {
  toString(): string;
  readonly __meta__?: Readonly<Record<string, unknown>> | undefined;
  readonly __apiType?: (variables: Variables) => Data;
}

/** Whatever can be asked. */
export type AnyDocument<Data, Variables> = CallTraceDocument<Data, Variables> | TextDocument<Data, Variables>;

/** Returns text and ID of a document; the ID is undefined if it has none. */
export function partsOf(document: AnyDocument<unknown, never>): { text: string; id: string | undefined } {
  if ('text' in document && typeof document !== 'string') return { text: document.text, id: document.id };
  const meta = typeof document === 'string' ? undefined : document.__meta__;
  const hash = meta?.['hash'];
  return { text: document.toString(), id: typeof hash === 'string' ? hash : undefined };
}
