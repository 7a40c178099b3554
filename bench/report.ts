import { ADDED_LATENCY_MS, AT_ONCE, DISTINCT, IDENTICAL, LATENCY_MS } from './cold.js';
import { judge } from './goals.js';
import { KEYS, KEYS_PER_LIST } from './questions.js';
import type { Circumstances, Results } from './results.js';
import type { Spread } from './statistics.js';
import type { WarmFigures } from './warm.js';

const NONE = '–';
/** Other work beyond this share of the cores disturbs what is measured. */
const QUIET = 0.05;

/** The results as a page of Markdown. */
export function report(results: Results, circumstances: Circumstances): string {
  return [
    '# What the bench measured',
    circumstancesText(circumstances),
    '## Goals',
    table(
      ['goal', 'measured', 'met'],
      judge(results).map(({ goal, measured, met }) => [goal, measured, met === null ? NONE : met ? 'yes' : '**no**']),
    ),
    '## Warm',
    table(
      ['server', 'A req/s', 'A p99 ms', 'A µs CPU', 'B req/s', 'B p99 ms', 'B µs CPU', 'memory MiB'],
      results.warm.map(({ server, figures, residentMib }) => [
        server.title,
        ...warmCells(figures.A),
        ...warmCells(figures.B),
        residentMib?.toFixed(0) ?? NONE,
      ]),
    ),
    `Median of the rounds (least–greatest). µs CPU: processor time of the server for one request, which other work on the machine changes least. ‡: the load generator used all of its core, and the server did not use all of its own, which might have done more.`,
    failures(results.warm.map(({ server, failure }) => [server.title, failure])),
    '## Cold',
    table(
      [
        'server',
        `upstream requests for ${IDENTICAL} identical`,
        `${DISTINCT} distinct, × bound`,
        'its upstream asked directly, × bound',
        'added to one answer, ms',
      ],
      results.cold.map(({ server, figures }) => [
        server.title,
        figures.identicalUpstream?.toFixed(0) ?? NONE,
        figures.distinctRatio?.toFixed(3) ?? NONE,
        figures.directRatio?.toFixed(3) ?? NONE,
        figures.addedMs?.toFixed(2) ?? NONE,
      ]),
    ),
    `Each server started anew; ${LATENCY_MS} ms at the upstream, at most ${AT_ONCE} requests at once; the bound is ${DISTINCT} / ${AT_ONCE} × ${LATENCY_MS} ms, which an upstream and a client on one core do not reach by themselves. Added: median of ${ADDED_LATENCY_MS} ms answers through the server, less that of the same question to its upstream. –: not measured (\`--quick\` asks most peers the identical questions alone).`,
    failures(results.cold.map(({ server, failure }) => [server.title, failure])),
    '## Growth of ours',
    growthText(results),
    '## Start-up and replicas of ours',
    `From \`node dist/main.js\` to the first answer: ${typeof results.startUpMs === 'string' ? results.startUpMs : `${spreadText(results.startUpMs, 0)} ms`}.`,
    replicasText(results),
    '## How',
    how(circumstances),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');
}

function circumstancesText(circumstances: Circumstances): string {
  const { startedAt, minutes, quick, machine, generator, cores, plan, otherWorkBefore, otherWorkAfter, stolen } =
    circumstances;
  const lines = [
    `Date: ${startedAt.toISOString().slice(0, 16).replace('T', ' ')} UTC, ${minutes.toFixed(0)} minutes${quick ? ' (`--quick`)' : ''}`,
    `Machine: ${machine}`,
    `Load: ${generator}, 50 connections, keep-alive; ${plan}`,
    `Cores: ${cores}`,
    `Other work on the machine: ${percent(otherWorkBefore)} of its cores before the first round, ${percent(otherWorkAfter)} at the end${Math.max(otherWorkBefore, otherWorkAfter) > QUIET ? ' (**too much: no figure here but the processor times can be relied on**)' : ''}`,
    `Stolen: for ${percent(stolen)} of the time in which the cores were wanted the host ran other machines on them${stolen > QUIET ? ' (the figures of one round differ by more than that; what is compared was measured by turns)' : ''}`,
    `Versions: ${Object.entries(circumstances.versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}`,
  ];
  return lines.map((line) => `- ${line}`).join('\n');
}

function warmCells(figures: WarmFigures | undefined): string[] {
  if (!figures) return [NONE, NONE, NONE];
  const { requestsPerSecond, p99Ms, cpuMicros, loadSaturated } = figures;
  return [
    `${spreadText(requestsPerSecond, 0)}${loadSaturated ? ' ‡' : ''}`,
    p99Ms.median.toFixed(2),
    cpuMicros?.median.toFixed(0) ?? NONE,
  ];
}

function growthText({ growth }: Results): string {
  if (typeof growth === 'string') return `Not measured: ${growth}.`;
  return table(
    ['question', 'connections', 'req/s', 'µs CPU a leg', 'event loop delay p99 ms'],
    growth.map(({ size, connections, requestsPerSecond, microsPerLeg, loopDelayP99Ms }) => [
      size,
      String(connections),
      requestsPerSecond.toFixed(requestsPerSecond < 100 ? 1 : 0),
      microsPerLeg?.toFixed(2) ?? NONE,
      loopDelayP99Ms?.toFixed(0) ?? NONE,
    ]),
  );
}

function replicasText({ replicas }: Results): string {
  if ('failure' in replicas) return `Two gateways: not measured, ${replicas.failure}.`;
  const { one, two } = replicas;
  return `A by one gateway ${one.toFixed(0)}, by two ${two.toFixed(0)} requests/s: ${(two / one).toFixed(2)} ×. Each gateway has a core, and shares it with its own load generator.`;
}

function how({ generator }: Circumstances): string {
  return `A asks for one call of 6 legs with the 20 fields of each; B asks for ${KEYS_PER_LIST} such calls in one \`calls(keys: …)\`. The documents stay the same; the variables rotate through ${KEYS.length} calls of the simulator. Before any figure counts, each server answers every question once and the answers are compared with the simulator's data, and some again after each round. All servers stay up and take turns: every round, each server once with each question. ${generator} is the same for all.

The peers ask a REST service that holds the same calls ready: no signature, no codes to name, no spelling to put right. Ours asks the simulator, signed, with all of that. The limit from memory finds its bytes by the text of the whole request, without reading it as JSON. Each peer is a file in \`bench/peers/\`.`;
}

function failures(rows: readonly (readonly [string, string | null])[]): string {
  return rows
    .filter(([, failure]) => failure !== null)
    .map(([title, failure]) => `- ${title}: ${failure?.replaceAll(/\s+/g, ' ') ?? ''}`)
    .join('\n');
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}

function spreadText({ median, min, max }: Spread, digits: number): string {
  return `${median.toFixed(digits)} (${min.toFixed(digits)}–${max.toFixed(digits)})`;
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}
