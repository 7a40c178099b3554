/**
 * A neighbour of the gateway in a federated graph: `SUBGRAPH` names the file beside this one that is its schema. It holds no
 * data: the names it is asked for say which calls it refers to. Prints where it listens.
 */
import { readFileSync } from 'node:fs';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';

const { SUBGRAPH } = process.env;

/** `170/1736000000-2`: by its second key. */
const ticketOf = (name) => {
  const [vdn, callId] = [name.slice(0, name.indexOf('/')), name.slice(name.indexOf('/') + 1)];
  return { id: name, subject: `About ${name}`, vdn: Number(vdn), callId };
};

/** The call so many seconds later, with the same story. */
const later = ({ vdn, callId }, seconds) => {
  const [at, story] = callId.split('-');
  return { vdn, callId: `${Number(at) + seconds}-${story}` };
};

const RESOLVERS = {
  tickets: {
    Query: { tickets: (_, { of }) => of.map(ticketOf) },
    Ticket: {
      __resolveReference: ({ id }) => ticketOf(id),
      call: ({ vdn, callId }) => ({ vdn, callId }),
      calls: (ticket) => [0, 1, 2].map((seconds) => later(ticket, seconds)),
    },
    Call: {
      __resolveReference: (reference) => reference,
      tickets: ({ vdn, callId }) => [ticketOf(`${vdn}/${callId}`)],
    },
  },
  bookmarks: {
    Query: {
      node: (_, { id }) => ({ __typename: id.startsWith('bookmark:') ? 'Bookmark' : 'Call', id }),
      bookmarks: (_, { of }) => of.map((id) => ({ id: `bookmark:${id}` })),
    },
    Bookmark: {
      __resolveReference: (reference) => reference,
      call: ({ id }) => ({ id: id.slice('bookmark:'.length) }),
    },
  },
  recordings: {
    Query: {
      recordings: (_, { of }) => of.map((id) => ({ id })),
      codes: () => [{ code: '200' }],
      rateLimit: () => ({ remaining: 7 }),
      viewer: () => ({ name: 'somebody' }),
    },
    Recording: {
      __resolveReference: (reference) => reference,
      call: ({ id }) => {
        const [ccId, vdn, month, callId] = id.split('/');
        return { ccId: Number(ccId), vdn: Number(vdn), month, callId };
      },
      mediaType: () => 'SCREEN',
      deviceType: () => 'TAPE',
      direction: () => 'LEFT',
      releaseCause: () => 'EXPIRED',
      callType: () => 'STEREO',
      freshness: () => ({ ageMs: 0 }),
      createdAt: () => '2025-01-04T14:13:20.000Z',
    },
  },
};

const typeDefs = parse(readFileSync(new URL(`${SUBGRAPH}.graphql`, import.meta.url), 'utf8'));
const server = new ApolloServer({ schema: buildSubgraphSchema({ typeDefs, resolvers: RESOLVERS[SUBGRAPH] }) });
const { url } = await startStandaloneServer(server, { listen: { port: 0, host: '127.0.0.1' } });
console.log(`${SUBGRAPH} listens on ${new URL(url).origin}`);
