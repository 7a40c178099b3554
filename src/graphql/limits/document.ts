import {
  GraphQLError,
  Kind,
  Lexer,
  parse,
  Source,
  TokenKind,
  visit,
  type DocumentNode,
  type FragmentDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Limits } from './limits.js';
import { mergedFieldsOf } from './merged-fields.js';

/**
 * Returns the exceeded limits of a document, as sentences; none for an invalid document, which the parser reports. To be
 * called before the document is parsed or validated: a hostile document can make either take long or overflow the stack.
 * Linear in the text.
 */
export function documentProblems(text: string, limits: Limits): string[] {
  try {
    const problem = textProblem(text, limits);
    return problem === null ? measure(parse(text), limits) : [problem];
  } catch (error) {
    if (error instanceof GraphQLError) return [];
    throw error;
  }
}

const OPENING: ReadonlySet<TokenKind> = new Set([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L]);
const CLOSING: ReadonlySet<TokenKind> = new Set([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R]);

/** Checks the tokens only, because the parser recurses at every bracket. Throws GraphQLError for an invalid token. */
function textProblem(text: string, limits: Limits): string | null {
  const bytes = Buffer.byteLength(text);
  if (bytes > limits.documentBytes)
    return `The document is ${bytes} bytes long; at most ${limits.documentBytes} are taken.`;
  const lexer = new Lexer(new Source(text));
  let tokens = 0;
  let depth = 0;
  for (let { kind } = lexer.advance(); kind !== TokenKind.EOF; { kind } = lexer.advance()) {
    tokens += 1;
    if (tokens > limits.tokens)
      return `The document has more than ${limits.tokens} tokens, which is the most that are taken; give long lists as variables.`;
    if (OPENING.has(kind)) depth += 1;
    if (CLOSING.has(kind)) depth -= 1;
    if (depth > limits.depth)
      return `The document nests brackets more than ${limits.depth} deep, which is the most taken.`;
  }
  return null;
}

function measure(document: DocumentNode, limits: Limits): string[] {
  const fragments = fragmentsOf(document);
  const repetitions = new Map<string, number>();
  let aliases = 0;
  let directives = 0;
  let definedFragments = 0;
  visit(document, {
    Field({ name, alias, selectionSet, arguments: given = [] }) {
      if (alias) aliases += 1;
      const named = (alias ?? name).value;
      if (selectionSet || given.length > 0) repetitions.set(named, (repetitions.get(named) ?? 0) + 1);
    },
    Directive: () => void (directives += 1),
    FragmentDefinition: () => void (definedFragments += 1),
  });
  const few = [
    ...tooMany('aliases', aliases, limits.aliases),
    ...tooMany('directives', directives, limits.directives),
    ...tooMany('fragments', definedFragments, limits.fragments),
    ...tooMany(
      'fields of one name that have arguments or fields below them',
      Math.max(0, ...repetitions.values()),
      limits.repetitions,
    ),
  ];
  if (few.length > 0) return few; // the next check recurses once per fragment in a chain

  const operations = document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  const rootFields = operations.map((operation) => mergedFieldsOf([operation.selectionSet], fragments).size);
  const depthOf = createDepthMeter(fragments);
  const depth = Math.max(0, ...operations.map((operation) => depthOf(operation.selectionSet)));
  return [
    ...tooMany('fields at the root of an operation', Math.max(0, ...rootFields), limits.rootFields),
    ...(depth > limits.depth ? [`The document is ${depth} fields deep; at most ${limits.depth} are taken.`] : []),
  ];
}

function tooMany(what: string, sent: number, limit: number): string[] {
  return sent > limit ? [`The document has ${sent} ${what}; at most ${limit} are taken.`] : [];
}

/** Returns the fragments of a document by name. */
export function fragmentsOf(document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  return new Map(
    document.definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : [],
    ),
  );
}

/** Measures each fragment once, however often it is used. A fragment that contains itself ends there: validation refuses it. */
function createDepthMeter(fragments: ReadonlyMap<string, FragmentDefinitionNode>) {
  const depths = new Map<string, number>();
  return depthOf;

  function depthOf(set: SelectionSetNode | undefined): number {
    let deepest = 0;
    for (const selection of set?.selections ?? []) {
      const depth =
        selection.kind === Kind.FRAGMENT_SPREAD
          ? depthOfFragment(selection.name.value)
          : depthOf(selection.selectionSet) + (selection.kind === Kind.FIELD ? 1 : 0);
      deepest = Math.max(deepest, depth);
    }
    return deepest;
  }

  function depthOfFragment(name: string): number {
    const measured = depths.get(name);
    if (measured !== undefined) return measured;
    depths.set(name, 0);
    const depth = depthOf(fragments.get(name)?.selectionSet);
    depths.set(name, depth);
    return depth;
  }
}
