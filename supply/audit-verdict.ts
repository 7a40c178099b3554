/** What is to be said of an audit, and the exit code that says it. */
export interface Verdict {
  readonly exitCode: 0 | 1;
  readonly text: string;
}

interface Report {
  readonly vulnerabilities?: Readonly<Record<string, { readonly severity: string; readonly range: string }>>;
}

const GRAVE = ['high', 'critical'];

/**
 * What the output of `npm audit --json` means: 1 if there is a high or critical advisory; 0 if there is none, and also
 * if nobody answered who knows of advisories, for then there is nothing to mend here. That is said.
 */
export function verdictOf(output: string): Verdict {
  const { vulnerabilities } = parse(output);
  if (!vulnerabilities) return { exitCode: 0, text: 'Not audited: the registry does not answer to audits.' };
  const grave = Object.entries(vulnerabilities).filter(([, { severity }]) => GRAVE.includes(severity));
  if (grave.length === 0) return { exitCode: 0, text: 'No high or critical advisory.' };
  const lines = grave.map(([name, { severity, range }]) => `  ${name} ${range}: ${severity}`);
  return { exitCode: 1, text: `Advisories to act on (npm audit tells more):\n${lines.join('\n')}` };
}

/** What is no JSON is no report. */
function parse(output: string): Report {
  try {
    return (JSON.parse(output) ?? {}) as Report;
  } catch {
    return {};
  }
}
