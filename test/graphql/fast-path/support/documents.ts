import { readFileSync } from 'node:fs';
import { Kind, parse, type TypeNode } from 'graphql';
import type { Draw } from './draw.js';

/** A document, with what it leaves open. */
export interface Drawn {
  readonly text: string;
  readonly variables: readonly Variable[];
  /** Of its operations; null: one without a name. */
  readonly operationNames: readonly (string | null)[];
}

/** A variable that a document uses. */
export interface Variable {
  readonly name: string;
  readonly kind: Kinds;
  /** A value must come with the request: its type ends in `!`, and it has no default. */
  readonly isNeeded: boolean;
  /** It is declared with another type than its place has. */
  readonly isOdd: boolean;
}

/** What an argument or condition takes. */
export type Kinds =
  | 'vdn'
  | 'callId'
  | 'id'
  | 'ccId'
  | 'month'
  | 'logDate'
  | 'refresh'
  | 'condition'
  | 'key'
  | 'keys'
  | 'representations'
  | 'language'
  | 'timeZone'
  | 'form';

/** What can be said of the calls that a case is about. */
export interface Values {
  /** A value of a kind, as JSON; so many of a hundred are of a wrong type or out of range. */
  value(kind: Kinds, oddShare: number): unknown;
}

const TYPES: Readonly<Record<Kinds, string>> = {
  vdn: 'Int!',
  callId: 'ID!',
  id: 'ID!',
  ccId: 'Int',
  month: 'CallMonth',
  logDate: 'DateTime',
  refresh: 'Boolean',
  condition: 'Boolean!',
  key: 'CallKeyInput!',
  keys: '[CallKeyInput!]!',
  representations: '[_Any!]!',
  language: 'CallLanguage',
  timeZone: 'String',
  form: 'CallTextForm!',
};

/** What a variable in a reference may be declared as: validation lets any type stand there. */
const ANY_TYPES = [
  ...(['Int', 'Int!', 'Float', 'ID', 'String', 'Boolean', 'CallMonth', 'DateTime', 'CallMediaType'] as const),
  ...(['[ID]', '[Int!]', 'CallKeyInput', '[CallKeyInput!]', '_Any'] as const),
] as const;

/** By type, the names of the fields that have none below them; and of the others, with the types of these, as the schema has them. */
const { leaves: LEAVES, objects: OBJECTS } = fieldsOf(
  ['call', 'understanding'].map((name) => readFileSync(`schema/${name}.graphql`, 'utf8')).join('\n'),
);

/** Draws a document: most are valid, and most ask for calls alone. */
export function drawDocument(draw: Draw, values: Values): Drawn {
  const variables: Variable[] = [];
  const declared: string[] = [];
  const fragments: string[] = [];
  const fragmentNames = new Map<string, string[]>();
  let named = 0;

  const roots = draw.list(1, draw.of(1, 2, 3), root).join(' ');
  const shape = draw.of('plain', 'plain', 'plain', 'plain', 'plain', 'fragment', 'inline');
  const body =
    shape === 'plain' ? roots : shape === 'inline' ? `... on Query ${condition()} { ${roots} }` : rootFragment(roots);
  const isNamed = draw.percent(50);
  const spare = draw.percent(1) ? '$unused: Int' : '';
  const list = [...declared, spare].filter((one) => one !== '').join(draw.of(', ', ' '));
  const name = isNamed ? draw.of('Calls', 'Board', 'constructor') : null;
  const head =
    list === '' && !isNamed && draw.percent(70) ? '' : `query ${name ?? ''}${list === '' ? '' : `(${list})`}`;
  const more = name !== null && draw.percent(5) ? ' query Other { __typename }' : '';
  const text = `${draw.of('', '', '', '# a dashboard\n')}${head} { ${body} }${more} ${fragments.join(' ')}`;
  return { text, variables, operationNames: more === '' ? [name] : [name, 'Other'] };

  function root(index: number): string {
    const kind = draw.percent(5)
      ? 'other'
      : draw.of('call', 'call', 'call', 'call', 'calls', 'calls', 'calls', 'entities', 'entities');
    const alias =
      index > 0 || draw.percent(30)
        ? `${draw.percent(3) ? 'r0' : draw.of(`r${index}`, `r${index}`, `__proto__${index}`)}: `
        : '';
    if (kind === 'other') return `${alias}${other()}`;
    if (kind === 'entities') {
      const given = draw.percent(65)
        ? variable('representations')
        : `[${draw.list(1, 2, referenceLiteral).join(', ')}]`;
      return `${alias}_entities(representations: ${given}) { ${ofEntity()} }`;
    }
    const given = kind === 'call' ? callArguments() : callsArguments();
    const field = (): string =>
      `${alias}${kind}(${given}) ${draw.percent(30) ? condition() : ''} { ${selection('Call', 0)} }`;
    return draw.percent(12) ? `${field()} ${field()}` : field(); // two that merge
  }

  function ofEntity(): string {
    const ofCall = `... on Call ${condition()} { ${selection('Call', 1)} }`;
    return draw.of(ofCall, ofCall, `__typename ${ofCall}`, `${ofCall} ... on _Entity { __typename }`);
  }

  function ofResult(): string {
    const problem = '... on CallProblem { code message retryable retryAfterMs }';
    return `... on Call { ${selection('Call', 1)} } ... on CallNotFound { month } ${problem}`;
  }

  function other(): string {
    return draw.of(
      '__typename',
      `node(id: "${Buffer.from('Call:1:170:2025-01:1735700000-2').toString('base64url')}") { id ... on Call { callId } }`,
      'node(id: "nonsense") { id }',
      'callCodes(table: LEAVE_REASON) { code name }',
      'callRateLimit { limit cost }',
      draw.percent(80) ? 'callCodes(table: MEDIA_TYPE) { code }' : draw.of('nothing', 'call(vdn: 170) { callId }'),
      'calls(keys: []) { callId }',
      `callResults(keys: [${keyLiteral()}]) { __typename ${ofResult()} }`,
      'callViewer { name vdns numbersMasked }',
    );
  }

  function callArguments(): string {
    const names: Kinds[] = ['vdn', 'callId'];
    for (const name of ['ccId', 'month', 'logDate', 'refresh'] as const) if (draw.percent(12)) names.push(name);
    if (draw.percent(20)) names.reverse();
    return names.map((name) => `${name}: ${valueOrVariable(name)}`).join(', ');
  }

  function callsArguments(): string {
    const keys = draw.percent(60)
      ? variable('keys')
      : draw.percent(90)
        ? `[${draw.list(1, 4, () => (draw.percent(30) ? variable('key') : keyLiteral())).join(', ')}]`
        : keyLiteral();
    return draw.percent(10) ? `keys: ${keys}, refresh: ${valueOrVariable('refresh')}` : `keys: ${keys}`;
  }

  function keyLiteral(): string {
    const names: Kinds[] = ['vdn', 'callId'];
    for (const name of ['ccId', 'month', 'logDate'] as const) if (draw.percent(12)) names.push(name);
    return `{ ${names.map((name) => `${name}: ${valueOrVariable(name)}`).join(', ')} }`;
  }

  function referenceLiteral(): string {
    const names = draw.of<Kinds[]>(['id'], ['vdn', 'callId'], ['ccId', 'vdn', 'callId', 'month']);
    const part = (kind: Kinds): string =>
      draw.percent(50)
        ? JSON.stringify(values.value(kind, 2))
        : variable(kind, draw.percent(45) ? TYPES[kind] : draw.of(...ANY_TYPES));
    return `{ __typename: "Call", ${names.map((name) => `${name}: ${part(name)}`).join(', ')} }`;
  }

  function valueOrVariable(kind: Kinds): string {
    return draw.percent(50) ? variable(kind) : JSON.stringify(values.value(kind, 2));
  }

  function variable(kind: Kinds, usualType = TYPES[kind]): string {
    const known = usualType === TYPES[kind] ? variables.filter((one) => one.kind === kind && !one.isOdd) : [];
    if (known.length > 0 && draw.percent(30)) return `$${(known[0] as Variable).name}`;
    const name = draw.of(`${kind}${variables.length}`, `${kind}${variables.length}`, `__${variables.length}`);
    const type = draw.percent(1) ? 'String' : usualType;
    const isNullable = !type.endsWith('!');
    const fallback =
      draw.percent(20) && type === TYPES[kind] && kind !== 'key' && kind !== 'keys' && kind !== 'representations'
        ? ` = ${literal(kind)}`
        : '';
    const spelling = isNullable && draw.percent(10) && fallback === '' ? `${type}!` : type;
    if (draw.percent(99) || draw.percent(50)) declared.push(`$${name}: ${spelling}${fallback}`);
    variables.push({
      ...{ name, kind, isOdd: usualType !== TYPES[kind] },
      isNeeded: spelling.endsWith('!') && fallback === '',
    });
    return `$${name}`;
  }

  function condition(): string {
    if (draw.percent(88)) return '';
    const when = (): string =>
      draw.of(
        () => variable('condition'),
        () => 'true',
        () => 'false',
      )();
    return draw.of(
      () => `@include(if: ${when()})`,
      () => `@skip(if: ${when()})`,
      () => `@skip(if: ${when()}) @include(if: ${when()})`,
    )();
  }

  function selection(type: string, depth: number): string {
    return draw.list(1, 5, () => member(type, depth)).join(' ');
  }

  function member(type: string, depth: number): string {
    const kind = draw.of('leaf', 'leaf', 'leaf', 'leaf', 'leaf', 'below', 'below', 'inline', 'fragment', 'typename');
    const objects = OBJECTS[type];
    if (kind === 'below' && objects) {
      const [name, of] = draw.percent(50) && type === 'Call' ? draw.of(...ORDINARY) : draw.of(...objects);
      const alias = draw.percent(15) ? `${name}_: ` : '';
      return `${alias}${name}${argumentsOf(name)} ${condition()} { ${selection(of, depth + 1)} }`;
    }
    if (kind === 'inline' && depth < 4) {
      const on = draw.of('', `on ${type}`, type === 'Call' ? 'on Node' : '');
      return `... ${on} ${condition()} { ${on === 'on Node' ? 'id' : selection(type, depth + 1)} }`;
    }
    if (kind === 'fragment' && depth < 4) return `...${fragment(type, depth)} ${condition()}`;
    if (kind === 'typename') return draw.percent(80) ? '__typename' : 'kind: __typename';
    const leaves = LEAVES[type] as readonly string[];
    const name = leaves[draw.upTo(leaves.length - 1)] as string;
    const alias = draw.percent(12) ? (name === 'callId' ? '__proto__: ' : `${name}_: `) : '';
    return `${alias}${name}${argumentsOf(name)} ${condition()}`;
  }

  function argumentsOf(name: string): string {
    if (name === 'leg') return `(position: ${draw.of('1', '2', '7')})`;
    if (name === 'sentence') return draw.percent(50) ? `(language: ${enumOrVariable('language')})` : '';
    if (name !== 'text' && name !== 'narrative') return '';
    const given = [
      ...(name === 'text' ? [`as: ${enumOrVariable('form')}`] : []),
      ...(draw.percent(50) ? [`language: ${enumOrVariable('language')}`] : []),
      ...(draw.percent(40) ? [`timeZone: ${valueOrVariable('timeZone')}`] : []),
    ];
    return given.length === 0 ? '' : `(${given.join(', ')})`;
  }

  function enumOrVariable(kind: 'form' | 'language'): string {
    return draw.percent(50) ? variable(kind) : literal(kind);
  }

  /** Only enums are written otherwise than in JSON. */
  function literal(kind: Kinds): string {
    return kind === 'form' || kind === 'language'
      ? String(values.value(kind, 2))
      : JSON.stringify(values.value(kind, 2));
  }

  function fragment(type: string, depth: number): string {
    const known = fragmentNames.get(type) ?? [];
    if (known.length > 0 && draw.percent(40)) return known[0] as string;
    named += 1;
    const name = draw.of(`F${named}`, `F${named}`, `toString${named}`);
    const text = `fragment ${name} on ${type} { ${selection(type, depth + 1)} }`;
    fragments.push(text);
    fragmentNames.set(type, [...known, name]);
    return name;
  }

  function rootFragment(fields: string): string {
    fragments.push(`fragment Root on Query { ${fields} }`);
    return `...Root ${condition()}`;
  }
}

/** What documents about calls ask for in the main. */
const ORDINARY: NonEmpty<NameAndType> = [
  ['legs', 'CallLeg'],
  ['freshness', 'CallFreshness'],
];

type NameAndType = readonly [name: string, type: string];
type NonEmpty<Item> = readonly [Item, ...Item[]];
type ByType<Item> = Readonly<Record<string, NonEmpty<Item>>>;

function fieldsOf(schema: string): { leaves: ByType<string>; objects: ByType<NameAndType> } {
  const types = parse(schema).definitions.filter(
    (part) => part.kind === Kind.OBJECT_TYPE_DEFINITION || part.kind === Kind.OBJECT_TYPE_EXTENSION,
  );
  const names = new Set(types.map(({ name }) => name.value));
  const leaves: Record<string, [string, ...string[]]> = {};
  const objects: Record<string, [NameAndType, ...NameAndType[]]> = {};
  for (const { name, fields = [] } of types)
    for (const field of fields) {
      const type = innermost(field.type);
      if (names.has(type)) add(objects, name.value, [field.name.value, type] as const);
      else add(leaves, name.value, field.name.value);
    }
  return { leaves, objects };
}

function add<Item>(byType: Record<string, [Item, ...Item[]]>, type: string, item: Item): void {
  const items = byType[type];
  if (items) items.push(item);
  else byType[type] = [item];
}

function innermost(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : innermost(type.type);
}
