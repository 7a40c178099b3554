import type { Change, TypeOfChangeType } from '@graphql-inspector/core';

/**
 * What a change means. `breaking`: it must not be. `announced`: it would break, but its deprecation said when, and that day
 * has passed. `accepted`: it breaks, and who asks has agreed. `dangerous`: clients that were written well go on; they are
 * told. `safe`: no client can notice.
 */
export type Level = 'breaking' | 'announced' | 'accepted' | 'dangerous' | 'safe';

const LEVELS = { BREAKING: 'breaking', DANGEROUS: 'dangerous', NON_BREAKING: 'safe' } as const;

/** Where we judge otherwise than graphql-inspector. */
const OURS: Partial<Record<TypeOfChangeType, Level>> = {
  // Whoever leaves the argument out gets another answer, and has changed nothing.
  FIELD_ARGUMENT_DEFAULT_CHANGED: 'breaking',
  INPUT_FIELD_DEFAULT_VALUE_CHANGED: 'breaking',
  DIRECTIVE_ARGUMENT_DEFAULT_VALUE_CHANGED: 'breaking',
  // A new type that implements it is as new to clients as one that they know from elsewhere.
  OBJECT_TYPE_INTERFACE_ADDED: 'dangerous',
};

const ASKED = 'Documents that ask for it are refused. Deprecate it first.';
const SENT = 'Clients that send it are refused. Deprecate it first.';

const CONSEQUENCES: Partial<Record<TypeOfChangeType, string>> = {
  FIELD_REMOVED: ASKED,
  TYPE_REMOVED: 'Documents with a fragment on it are refused. Deprecate all fields that return it first.',
  FIELD_TYPE_CHANGED: 'Generated types and parsers of clients no longer fit. Add a field of another name.',
  FIELD_ARGUMENT_REMOVED: SENT,
  FIELD_ARGUMENT_ADDED: 'Documents without it are refused. Make it optional.',
  FIELD_ARGUMENT_TYPE_CHANGED: 'Values and variables that were right are refused. Add an argument of another name.',
  FIELD_ARGUMENT_DEFAULT_CHANGED: 'Clients that leave it out get another answer, and have changed nothing.',
  INPUT_FIELD_REMOVED: SENT,
  INPUT_FIELD_ADDED: 'Clients that do not send it are refused. Make it optional.',
  INPUT_FIELD_TYPE_CHANGED: 'Values and variables that were right are refused. Add a field of another name.',
  INPUT_FIELD_DEFAULT_VALUE_CHANGED: 'Clients that leave it out get another answer, and have changed nothing.',
  ENUM_VALUE_REMOVED:
    'Clients that send it are refused, and those that branch on it never do so again. Deprecate it first.',
  ENUM_VALUE_ADDED: 'Clients must expect it, as any value that they do not know.',
  UNION_MEMBER_REMOVED: 'Documents with a fragment on it are refused.',
  UNION_MEMBER_ADDED: 'Clients must expect it, as any `__typename` that they do not know.',
  OBJECT_TYPE_INTERFACE_ADDED: 'Clients that read the interface must expect it.',
  OBJECT_TYPE_INTERFACE_REMOVED: 'Documents with a fragment on the interface are refused.',
  TYPE_KIND_CHANGED: 'Documents that use it are refused.',
  DIRECTIVE_REMOVED: 'What bears it loses its meaning.',
};

/** Returns what a change means. */
export function levelOf({ type, criticality, meta }: Change): Level {
  const ours = OURS[type as TypeOfChangeType];
  if (ours) return ours;
  // An argument that may be left out disturbs nobody.
  if (
    type === 'FIELD_ARGUMENT_ADDED' &&
    !(meta as { isAddedFieldArgumentBreaking: boolean }).isAddedFieldArgumentBreaking
  )
    return 'safe';
  // Breaking is what it must be given; with a default it may be left out.
  if (type === 'INPUT_FIELD_ADDED' && LEVELS[criticality.level] !== 'breaking') return 'safe';
  return LEVELS[criticality.level];
}

/** Returns what a reviewer adds to the sentence of a change; empty for what cannot hurt. */
export function consequenceOf(change: Change): string {
  return levelOf(change) === 'safe' ? '' : (CONSEQUENCES[change.type as TypeOfChangeType] ?? '');
}
