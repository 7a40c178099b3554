import { REFRESH_COST, CHARACTERS_PER_POINT, FIELDS_PER_POINT } from '../../src/graphql/limits/cost.js';
import { ANSWER_ERRORS } from './errors.js';
import type { Example } from './examples.js';
import type { Part, TypeEntry } from './model.js';
import { SCRIPT, STYLE } from './page.js';

/** What the page shows. */
export interface Reference {
  readonly types: readonly TypeEntry[];
  readonly examples: readonly Example[];
  /** The examples that ask for a field, by its coordinate. */
  readonly usedIn: ReadonlyMap<string, readonly string[]>;
}

const KINDS = {
  object: 'type',
  interface: 'interface',
  union: 'union',
  enum: 'enum',
  input: 'input',
  scalar: 'scalar',
};

/** Returns the page: one file that loads nothing. */
export function renderReference({ types, examples, usedIn }: Reference): string {
  const links = types.map(({ name }) => `<li data-of="${name}"><a href="#${name}">${name}</a></li>`).join('\n');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Call traces: the schema</title>
<!-- Written by schema/print-reference.ts; run \`npm run codegen\` after a change of the schema or of examples/. -->
<style>${STYLE}</style>
</head>
<body>
<nav aria-label="Types">
<label for="search">Search <kbd>/</kbd></label>
<input id="search" type="search" placeholder="legs, hold, 1006 …" autocomplete="off" spellcheck="false">
<p id="found" role="status"></p>
<ul>
<li><a href="#about">About</a></li>
<li><a href="#examples">Examples</a></li>
${links}
</ul>
</nav>
<main>
${about()}
<section id="examples"><h2>Examples</h2>
<p>Each was run against a gateway before the simulated contact centre of the demo, by a caller who sees numbers masked. Paste it into the IDE.</p>
${examples.map(exampleOf).join('\n')}
</section>
${types.map((type) => typeOf(type, usedIn)).join('\n')}
</main>
<script>${SCRIPT}</script>
</body>
</html>
`;
}

function about(): string {
  return `<section id="about"><h1>Call traces: the schema</h1>
<p>Every type, field and value of the graph, with what is masked, what it costs, and which errors can stand there.</p>
<dl>
<dt><span class="mask">masked</span></dt>
<dd>Personal data: callers without the scope <code>numbers</code> see its last characters alone. <i>If it is a number</i>: as a rule it holds none, and is masked where it does.</dd>
<dt><span class="cost">cost</span></dt>
<dd>An operation costs 1 point for each call it asks for, ${REFRESH_COST} for one asked anew, 1 more for each ${FIELDS_PER_POINT} fields of the answer, and once for each ${CHARACTERS_PER_POINT} characters of a document not seen before.</dd>
<dt><span class="errors">errors</span></dt>
<dd>The values of ${typeLink('CallErrorCode')} that can be in <code>extensions.code</code> at the path of the field. In place of a whole answer can stand: ${ANSWER_ERRORS.map(errorLink).join(' ')}</dd>
<dt><span class="high">high</span> <span class="medium">medium</span> <span class="low">low</span></dt>
<dd>How surely the meaning of a code is known, as ${typeLink('CallCodeConfidence')} tells; <code>callCodes</code> has this gateway’s own words.</dd>
</dl></section>`;
}

function exampleOf({ name, title, document, variables, answer }: Example): string {
  const block = (label: string, text: string) => `<h4>${label}</h4><pre tabindex="0">${escape(text)}</pre>`;
  return `<details id="example-${name}" class="part"><summary><b>${name}</b> ${inline(title)}</summary>
${block('Document', document)}${variables === null ? '' : block('Variables', variables)}${block('Answer', answer)}</details>`;
}

function typeOf({ name, kind, description, related, keys, parts }: TypeEntry, usedIn: Reference['usedIn']): string {
  const relation =
    related.length === 0
      ? ''
      : `${kind === 'union' ? ' = ' : ' implements '}${related.map((one) => typeLink(one)).join(kind === 'union' ? ' | ' : ' & ')}`;
  const key =
    keys.length === 0
      ? ''
      : `<p>Routers name it by ${keys.map((fields) => `<code>${escape(fields)}</code>`).join(' or ')}.</p>`;
  const list = parts.map((part) => partOf(`${name}.${part.name}`, part, usedIn)).join('\n');
  return `<section id="${name}" data-type="${name}"><h2><small>${KINDS[kind]}</small> ${name}${relation}</h2>
${text(description)}${key}
${list === '' ? '' : `<ul class="parts">\n${list}\n</ul>`}</section>`;
}

function partOf(path: string, part: Part, usedIn: Reference['usedIn']): string {
  const { name, type, description, mask, cost, errors, deprecation, codes, parts, byDefault } = part;
  const isArgument = path.split('.').length > 2;
  const shown = type === null ? '' : `: ${typeLink(type.name, type.text)}`;
  const notes = [
    ...(byDefault === null ? [] : [`<p>Default: <code>${escape(byDefault)}</code></p>`]),
    ...(deprecation === null ? [] : [`<p><span class="gone">deprecated</span> ${inline(deprecation)}</p>`]),
    ...(mask === null ? [] : [`<p><span class="mask">masked</span> ${mask}</p>`]),
    ...(cost === null ? [] : [`<p><span class="cost">cost</span> ${inline(cost)}</p>`]),
    ...(errors.length === 0 ? [] : [`<p><span class="errors">errors</span> ${errors.map(errorLink).join(' ')}</p>`]),
    ...codes.map(
      ({ code, zh, confidence, source }) =>
        `<p><code>${code}</code> <span class="${confidence.toLowerCase()}">${confidence.toLowerCase()}</span> <span lang="zh-Hans">${escape(zh)}</span> <small>${escape(source)}</small></p>`,
    ),
    ...[usedIn.get(path) ?? []].flatMap((names) =>
      names.length === 0
        ? []
        : [`<p class="used">In ${names.map((one) => `<a href="#example-${one}">${one}</a>`).join(', ')}</p>`],
    ),
  ];
  const inner = parts.map((argument) => partOf(`${path}.${argument.name}`, argument, usedIn)).join('\n');
  return `<li id="${path}"${isArgument ? '' : ' class="part"'}><a class="name" href="#${path}">${name}</a><code>${shown}</code>
${text(description)}${notes.join('\n')}${inner === '' ? '' : `<ul class="arguments">\n${inner}\n</ul>`}</li>`;
}

function typeLink(name: string, shown = name): string {
  return /^(?:Int|Float|String|Boolean|ID)$/.test(name) ? escape(shown) : `<a href="#${name}">${escape(shown)}</a>`;
}

function errorLink(code: string): string {
  return `<a class="code" href="#CallErrorCode.${code}">${code}</a>`;
}

function text(description: string): string {
  return description === '' ? '' : `<p>${inline(description)}</p>`;
}

/** Escapes a text, in which backticks mark code. */
function inline(description: string): string {
  return escape(description).replaceAll(/`([^`]+)`/g, '<code>$1</code>');
}

function escape(raw: string): string {
  return raw.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
