import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A subgraph as composers take it. */
export interface Subgraph {
  readonly name: string;
  readonly url: string;
  readonly sdl: string;
}

/** What a composer made of some subgraphs. */
export interface Composition {
  /** Null if there are errors. */
  readonly supergraph: string | null;
  readonly errors: readonly string[];
  readonly hints: readonly { readonly code: string; readonly message: string }[];
}

/** The composers: `@apollo/composition`, and `@theguild/federation-composition`, which gives no hints. */
export const COMPOSERS = ['apollo', 'guild'] as const;

/** The neighbours of the gateway: a file in subgraphs/ for each. */
export const NEIGHBOURS = ['tickets', 'bookmarks', 'recordings'] as const;

const folder = new URL('./', import.meta.url);

/** The supergraph that is committed: what Apollo's composer makes of the gateway and all neighbours. */
export const SUPERGRAPH = new URL('supergraph.graphql', folder);

/** Returns a neighbour, by the name of its file. `name`: if it has another. */
export function neighbour(file: string, name = file): Subgraph {
  return subgraph(name, readFileSync(new URL(`subgraphs/${file}.graphql`, folder), 'utf8'));
}

/** Returns a subgraph that listens where the supergraph says. */
export function subgraph(name: string, sdl: string): Subgraph {
  return { name, url: `http://${name}.example/graphql`, sdl };
}

/** Composes each list of subgraphs with both composers. */
export function compose(
  ...compositions: readonly (readonly Subgraph[])[]
): readonly Readonly<Record<(typeof COMPOSERS)[number], Composition>>[] {
  const { stdout, stderr, status } = spawnSync(process.execPath, [new URL('composers.mjs', folder).pathname], {
    input: JSON.stringify(compositions),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`composition failed: ${stderr}`);
  return JSON.parse(stdout) as ReturnType<typeof compose>;
}
