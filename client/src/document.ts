/** An operation with the types of its data and its variables. Those of this package are made from its `documents/`. */
export interface CallTraceDocument<Data, Variables> {
  /** `sha256:` and the SHA-256 of the text, in lower-case hex: its key in a manifest. Needed where only IDs are sent. */
  readonly id?: string | undefined;
  readonly text: string;
  /** Never there: carries the types. */
  readonly __apiType?: (variables: Variables) => Data;
}

/**
 * What graphql-codegen's preset `client` makes with `documentMode: string`: it knows its types, and its ID if the preset
 * was told to persist documents.
 */
export interface TextDocument<Data, Variables> {
  toString(): string;
  readonly __meta__?: Readonly<Record<string, unknown>> | undefined;
  readonly __apiType?: (variables: Variables) => Data;
}

/** Whatever can be asked; the data of a plain string are unknown. */
export type AnyDocument<Data, Variables> = string | CallTraceDocument<Data, Variables> | TextDocument<Data, Variables>;

/** Returns text and ID of a document; the ID is undefined if it has none. */
export function partsOf(document: AnyDocument<unknown, never>): { text: string; id: string | undefined } {
  if (typeof document === 'string') return { text: document, id: undefined };
  if ('text' in document) return { text: document.text, id: document.id };
  const hash = document.__meta__?.['hash'];
  return { text: document.toString(), id: typeof hash === 'string' ? hash : undefined };
}
