/** An alert of deploy/prometheus/alerts.yml. */
export interface Alert {
  readonly name: string;
  /** Its lines in the file. */
  readonly text: string;
  readonly severity: string | undefined;
  readonly summary: string | undefined;
  /** Of its heading in docs/operations.md. */
  readonly anchor: string | undefined;
}

/** A change that makes an alert wrong. */
export interface Mutant {
  /** What is changed into what. */
  readonly change: string;
  /** Makes the change in the text of the file. */
  readonly rules: (file: string) => string;
}

/** Returns the alerts of a file of rules, in its order. */
export function alertsOf(file: string): Alert[] {
  const blocks = file.split(/^(?= {6}- |\S| {2}\S)/m).filter((block) => block.startsWith('      - alert: '));
  return blocks.map((text) => {
    const field = (pattern: RegExp): string | undefined => pattern.exec(text)?.[1];
    return {
      name: field(/- alert: (\w+)/) ?? '',
      text,
      severity: field(/severity: (\w+)/),
      summary: field(/summary: '(.*)'/),
      anchor: field(/runbook_url: .*#(\S+)/),
    };
  });
}

/** A limit in an expression: `> 14.4 * 0.005`, `== 0`. */
const LIMIT = /(?<operator>[<>]|==) (?<value>[\d.]+)/g;

/** Returns each way to move one limit of the alert, or its pause, up or down. */
export function mutantsOf({ text }: Alert): Mutant[] {
  const [expression = ''] = /expr:[^]*?(?=^ {8}(?:for|labels):)/m.exec(text) ?? [];
  const start = text.indexOf(expression);
  const limits = [...expression.matchAll(LIMIT)].flatMap((match) =>
    movedLimits(match).map((moved) => replaced(text, start + match.index, match[0], moved)),
  );
  const pause = /^ {8}for: (\d+)(\w)\n/m.exec(text);
  if (!pause) return limits;
  const [line, amount, unit] = pause;
  const pauses = [`        for: ${Number(amount) * 2}${unit}\n`, ''];
  return [...limits, ...pauses.map((moved) => replaced(text, pause.index, line, moved))];
}

function movedLimits({ groups: { operator = '', value = '' } = {} }: RegExpMatchArray): string[] {
  if (operator === '==') return [`== ${Number(value) + 7}`, '>= -1'];
  return Number(value) === 0
    ? ['> 1e9', '>= 0']
    : [`${operator} ${Number(value) * 2}`, `${operator} ${Number(value) / 2}`];
}

function replaced(text: string, at: number, from: string, to: string): Mutant {
  const mutant = text.slice(0, at) + to + text.slice(at + from.length);
  return {
    change: `${from.trim()} (at ${at}) that becomes ${to.trim() || 'nothing'}`,
    rules: (file) => file.replace(text, () => mutant),
  };
}
