/** A hint of a composer that is known, and why it may stay. */
export interface KnownHint {
  readonly code: string;
  /** A part of its message that no other hint has. */
  readonly about: string;
  readonly reason: string;
}

/** All hints that composing the gateway with its neighbours may give. */
export const KNOWN_HINTS: readonly KnownHint[] = [
  {
    code: 'INCONSISTENT_NON_REPEATABLE_DIRECTIVE_ARGUMENTS',
    about: '@specifiedBy is applied to "DateTime"',
    reason:
      'A `DateTime` that another team has specified elsewhere. Both are ISO 8601 in a text; only the link in the documentation differs.',
  },
];
