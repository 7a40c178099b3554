import type { CustomerState, LinkKind, Verdict } from '../vocabulary.js';

/** The languages of narratives. */
export const LANGUAGES = ['en', 'zh'] as const;
export type Language = (typeof LANGUAGES)[number];

/** What a narrative says, one ICU message each. */
export type MessageKey =
  /** The one who called in, or who was called. `direction`: of the call. */
  | 'customer'
  /** `count` agents or queues, of which `known` have an ID to show; `ids`: the list of these. */
  | 'agents'
  | 'queues'
  /** A list: `shown` without its last entry, or without those that are only counted. */
  | 'list.separator'
  | 'list.last'
  | 'list.others'
  /** A device as a table names it. `id`: empty without one to show. */
  | 'device'
  /** A device within a sentence, queues and agents apart. */
  | 'place'
  /** In place of a queue that passed the call on: the contact centre writes no record for one that is full or unattended. */
  | 'queueNotRecorded'
  /** In place of a device: no record tells where the call went. */
  | 'nowhere'
  /** `size`: the largest unit of it. */
  | 'duration'
  | 'date'
  /** The period of a call. `form`: how much of it must be told; `open`: the call goes on. */
  | 'when'
  | 'headline'
  /** Behind a statement of which little is certain. */
  | 'uncertain'
  /** What the call came to. `answer`: the text of `verdict.ANSWERED` in a call in progress. */
  | `verdict.${Verdict}`
  /** Clauses behind the verdict. */
  | 'handover'
  /** In which phase it ended. */
  | 'ending.where'
  /** `where`: the text of `ending.where`. `how`: `NOT_RECORDED` where no final CDR tells it. */
  | 'ending'
  | 'ending.abandoned'
  | 'now'
  /** What the customer met. `open`: goes on. */
  | `piece.${CustomerState}`
  /** How one leg led to another. Of HOLD only that the agent took the call back; the rest is told by its piece. */
  | `link.${Exclude<LinkKind, 'NEXT'>}`
  /** A sentence of another day than the one before it. */
  | 'onDate'
  /** How many findings doubt what is told. */
  | 'warnings'
  /** Heads of a table of legs. */
  | 'table.position'
  | 'table.device'
  | 'table.begin'
  | 'table.end'
  | 'table.duration'
  | 'table.leaveReason'
  /** In place of the meaning of a code that no dictionary knows. */
  | 'table.unknownCode';

/** All messages of one language. */
export type Catalogue = Readonly<Record<MessageKey, string>>;
