import pino, { type Level, type Logger } from 'pino';

/** Writes one line; `members`: its own fields as JSON, with a comma before each: `,"status":200`. */
export type LineWriter = (members: string) => void;

/**
 * Returns what writes lines to a log as `log[level](fields, message)` does, in a tenth of the time: for those that are
 * written for every request. The fields come as JSON, and nobody looks in them for personal data: whoever makes them
 * knows what stands in them. Null if the log does not keep this level.
 */
export function createLineWriter(log: Logger, level: Level, message: string): LineWriter | null {
  if (!log.isLevelEnabled(level)) return null;
  const inside = (symbol: symbol): unknown => (log as unknown as Readonly<Record<symbol, unknown>>)[symbol];
  const stream = inside(pino.symbols.streamSym) as pino.DestinationStream;
  const time = inside(pino.symbols.timeSym) as () => string;
  const bindings = inside(pino.symbols.chindingsSym) as string;
  const head = `{"level":${log.levels.values[level] ?? 0}`;
  const tail = `,"msg":${JSON.stringify(message)}}\n`;
  return (members) => stream.write(`${head}${time()}${bindings}${members}${tail}`);
}
