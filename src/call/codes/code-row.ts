/** How surely a code's meaning is known: an official table; a list or code that agrees with one; another interface's table. */
export type Confidence = 'HIGH' | 'MEDIUM' | 'LOW';

/** Whose words a Chinese meaning is: the vendor's documents, our translation, or the operator of this gateway. */
export type ChineseSource = 'VENDOR' | 'OURS' | 'OPERATOR';

/** Which way a call went, seen from the contact centre. */
export type Direction = 'INBOUND' | 'OUTBOUND' | 'INTERNAL';

/** One code of the upstream: its number, the name that clients see, and what it means. */
export interface CodeRow<Name extends string = string> {
  readonly code: number;
  /** The code as the interface writes it: a result code keeps its leading zero. */
  readonly wireCode: string;
  /** `SCREAMING_SNAKE_CASE`; unique within its table. */
  readonly name: Name;
  /** One clause in plain English, without a full stop. */
  readonly meaning: string;
  /** The same in Chinese. An operator who gave no Chinese has the English here, so that the two never contradict. */
  readonly zh: string;
  readonly zhSource: ChineseSource;
  readonly confidence: Confidence;
  /** Page or list the code was found in. */
  readonly source: string;
  /** The vendor's constant, where its table gives one. */
  readonly vendorName?: string;
  /** Call types alone have one. */
  readonly direction?: Direction;
}

type Draft<Name extends string> = Pick<CodeRow<Name>, 'code' | 'name' | 'meaning' | 'zh'> & Partial<CodeRow<Name>>;

/**
 * Returns the rows with what most of them share filled in: high confidence, the source of the whole table, the vendor's own
 * Chinese, and the wire's spelling, padded to `wireDigits`.
 */
export function codes<const Name extends string>(source: string, rows: readonly Draft<Name>[], wireDigits = 1): readonly CodeRow<Name>[] {
  return rows.map((row) => ({ confidence: 'HIGH', source, zhSource: 'VENDOR', wireCode: String(row.code).padStart(wireDigits, '0'), ...row }));
}
