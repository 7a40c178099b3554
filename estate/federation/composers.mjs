/**
 * Composes subgraphs with both composers. Reads JSON from standard input: a list of compositions, each a list of
 * `{ name, url, sdl }`; writes as many results as JSON: what each composer made of it, and said.
 */
import { json } from 'node:stream/consumers';
import { composeServices as composeApollo } from '@apollo/composition';
import { composeServices as composeGuild } from '@theguild/federation-composition';
import { parse } from 'graphql';

const compositions = await json(process.stdin);

const resultOf = ({ supergraphSdl = null, errors = [], hints = [] }) => ({
  supergraph: supergraphSdl,
  errors: errors.map(({ message }) => message),
  hints: hints.map(({ definition, message }) => ({ code: definition.code, message })),
});

const results = compositions.map((subgraphs) => {
  const services = subgraphs.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) }));
  return { apollo: resultOf(composeApollo(services)), guild: resultOf(composeGuild(services)) };
});
process.stdout.write(JSON.stringify(results));
