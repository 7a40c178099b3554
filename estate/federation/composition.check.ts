import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { compose, COMPOSERS, neighbour, NEIGHBOURS, subgraph, SUPERGRAPH, type Composition } from './compose.js';
import { KNOWN_HINTS } from './hints.js';
import { startProduction, type Production } from './production.js';

/** The tickets as older neighbours write them: in a later version of Federation 2, an earlier one, and Federation 1. */
const TICKETS = {
  'Federation 2.9': neighbour('tickets'),
  'Federation 2.3': { ...neighbour('tickets'), sdl: neighbour('tickets').sdl.replace('v2.9', 'v2.3') },
  'Federation 1': neighbour('tickets-federation-1', 'tickets'),
};

const ALL = 'all neighbours at once';
const WITH_NODE = 'with the `node` of direct clients';

describe('the schema that the gateway serves to routers', () => {
  let production: Production;
  let compositions: Readonly<Record<string, Readonly<Record<(typeof COMPOSERS)[number], Composition>> | undefined>>;
  let sdl: string;
  beforeAll(async () => {
    production = await startProduction();
    sdl = await production.sdl();
    const calls = subgraph('calls', sdl);
    const cases = {
      alone: [calls],
      ...Object.fromEntries(
        Object.entries(TICKETS).map(([spelling, tickets]) => [`tickets in ${spelling}`, [calls, tickets]]),
      ),
      'a neighbour with a `node` of its own': [calls, neighbour('bookmarks')],
      'a neighbour with types of plausible names': [calls, neighbour('recordings')],
      [WITH_NODE]: [subgraph('calls', `${sdl}\nextend type Query { node(id: ID!): Node }`), neighbour('bookmarks')],
      [ALL]: [calls, ...NEIGHBOURS.map((name) => neighbour(name))],
    };
    const results = compose(...Object.values(cases));
    compositions = Object.fromEntries(Object.keys(cases).map((name, index) => [name, results[index]]));
  });
  afterAll(() => production.close());

  const composition = (name: string, composer: (typeof COMPOSERS)[number]): Composition => {
    const found = compositions[name]?.[composer];
    if (!found) throw new Error(`nothing was composed: ${name}`);
    return found;
  };

  describe.each(COMPOSERS)('composed by %s', (composer) => {
    it.each([
      'alone',
      ...Object.keys(TICKETS).map((spelling) => `tickets in ${spelling}`),
      'a neighbour with a `node` of its own',
      'a neighbour with types of plausible names',
      ALL,
    ])('composes without errors, and without hints but the known ones: %s', (name) => {
      const { errors, hints } = composition(name, composer);
      const strange = hints.filter(
        ({ code, message }) => !KNOWN_HINTS.some((known) => known.code === code && message.includes(known.about)),
      );
      expect({ errors, strange }).toEqual({ errors: [], strange: [] });
    });

    it('would not compose with the `node` of direct clients, so the schema for routers has none', () => {
      const { errors, supergraph } = composition(WITH_NODE, composer);
      expect([errors.join(), supergraph]).toEqual([expect.stringContaining('Query.node'), null]);
    });

    it('keeps the keys, and the tag of personal data', () => {
      const { supergraph } = composition(ALL, composer);
      for (const key of ['id', 'ccId vdn callId month', 'vdn callId'])
        expect(supergraph).toContain(`@join__type(graph: CALLS, key: "${key}")`);
      const tagged = supergraph?.match(/@tag\(name: "personal-data"\)/g) ?? [];
      expect(tagged).toHaveLength(sdl.match(/@tag\(name: "personal-data"\) *(?=\n|@|})/g)?.length ?? 0);
      expect(supergraph).toMatch(/ callerNo: String .*@tag\(name: "personal-data"\)/);
    });

    it('merges no type of a neighbour but those that are shared on purpose', () => {
      const { supergraph } = composition(ALL, composer);
      const shared = (supergraph ?? '')
        .split(/^(?=(?:type|enum|interface|input|scalar|union) )/m)
        .filter((definition) => new Set(definition.match(/(?<=@join__type\(graph: )\w+/g)).size > 1)
        .map((definition) => definition.split(' ')[1]?.trim());
      expect(shared.sort()).toEqual(['Call', 'CallMonth', 'DateTime', 'Node', 'Query']);
    });
  });

  it('leaves out what belongs to direct clients', () => {
    const query = /^type Query \{.*?^\}/ms.exec(sdl)?.[0] ?? '';
    expect(query).toContain('callResults(');
    expect(query).not.toMatch(/^ {2}(node|callViewer|callRateLimit)\b/m);
  });

  it('needs every known hint', () => {
    const messages = Object.values(compositions).flatMap((one) => one?.apollo.hints ?? []);
    const needless = KNOWN_HINTS.filter(
      ({ code, about }) => !messages.some((hint) => hint.code === code && hint.message.includes(about)),
    );
    expect(needless).toEqual([]);
  });

  it('is that of the committed supergraph, which `npm run estate -- --update` writes', () => {
    const { supergraph } = composition(ALL, 'apollo');
    if (process.env['ESTATE_UPDATE'] === 'true') writeFileSync(SUPERGRAPH, supergraph ?? '');
    expect(readFileSync(SUPERGRAPH, 'utf8')).toBe(supergraph);
  });
});
