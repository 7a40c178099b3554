import type { Exchange } from '../exchange.js';
import type { Behaviour } from '../options.js';
import type { TraceRecord } from '../trace-record.js';
import type { WireRecord } from '../wire-record.js';

/** A request that is about to go wrong, with the right answer at hand to be spoilt. */
export interface FaultyAnswer {
  readonly exchange: Exchange;
  readonly behaviour: Readonly<Behaviour>;
  /** The text of the right answer. */
  readonly rightBody: string;
  /** The records of the right answer. */
  readonly records: readonly TraceRecord[];
  /** Writes records as the wire has them, with this call's quirks. */
  readonly toWire: (records: readonly TraceRecord[]) => WireRecord[];
}

/** What goes wrong: answers in its own way, or never. */
export type Fault = (answer: FaultyAnswer) => void | Promise<void>;
