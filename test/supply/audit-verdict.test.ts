import { describe, expect, it } from '@jest/globals';
import { verdictOf } from '../../supply/audit-verdict.js';

const report = (severities: Record<string, string>): string =>
  JSON.stringify({
    auditReportVersion: 2,
    vulnerabilities: Object.fromEntries(
      Object.entries(severities).map(([name, severity]) => [name, { name, severity, range: '<1.2.3' }]),
    ),
  });

describe('an audit', () => {
  it.each(['high', 'critical'])('fails on an advisory that is %s, and names the package', (severity) => {
    expect(verdictOf(report({ good: 'low', bad: severity }))).toEqual({
      exitCode: 1,
      text: `Advisories to act on (npm audit tells more):\n  bad <1.2.3: ${severity}`,
    });
  });

  it('passes on lesser advisories, and on none', () => {
    expect(verdictOf(report({}))).toMatchObject({ exitCode: 0, text: 'No high or critical advisory.' });
    expect(verdictOf(report({ a: 'info', b: 'low', c: 'moderate' })).exitCode).toBe(0);
  });

  it.each(['{"statusCode":405,"body":"","error":{"summary":"","detail":""}}', '', 'not JSON', 'null'])(
    'says so if nobody answered it: %j',
    (output) => {
      expect(verdictOf(output)).toEqual({
        exitCode: 0,
        text: 'Not audited: the registry does not answer to audits.',
      });
    },
  );
});
