import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';

/**
 * An instant. In resolvers: ms since 1970-01-01 UTC. Going in, text and number are let through: whether one makes sense
 * is judged where its argument is known (`parseLogDate`), so that one bad key of many fails alone.
 */
export const DateTime = new GraphQLScalarType<string | number, string>({
  name: 'DateTime',
  serialize: (value) => new Date(value as number).toISOString(),
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

/** A month as `YYYY-MM`. Going in, any text is let through, as for DateTime. */
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
