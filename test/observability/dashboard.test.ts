import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { headingsOf } from './support/headings.js';
import { DASHBOARD_FILE, panelsOf, readDashboard } from './support/dashboard.js';

const DASHBOARD = readDashboard();
const PANELS = panelsOf(DASHBOARD);
const HEADINGS = headingsOf(readFileSync('docs/operations.md', 'utf8'));
const RULES = readFileSync('deploy/prometheus/alerts.yml', 'utf8');

/** Where docs/ is, in the links of the dashboard. */
const RUNBOOK = /^(https:\/\/\S+\/)docs\/operations\.md#(\S+)$/;

describe(DASHBOARD_FILE, () => {
  it('fits into a ConfigMap of Kubernetes', () => {
    expect(readFileSync(DASHBOARD_FILE).length).toBeLessThan(2 ** 20);
  });

  it('has an identity of its own, and no number of another dashboard or panel', () => {
    expect(DASHBOARD.uid).toBe('call-trace-gateway');
    expect([DASHBOARD, ...DASHBOARD.panels].filter((one) => one.id !== undefined)).toEqual([]);
  });

  it('asks the data source, the jobs and the gateways that are chosen, and marks where versions change', () => {
    expect(DASHBOARD.templating.list.map(({ name, type }) => `${type} ${name}`)).toEqual([
      'datasource datasource',
      'query job',
      'query instance',
    ]);
    expect(DASHBOARD.annotations.list.map(({ expr }) => expr)).toEqual([
      expect.stringContaining('calltrace_build_info'),
    ]);
    const sources = [...PANELS, ...DASHBOARD.annotations.list].map(({ datasource }) => datasource);
    expect(new Set(sources.map((source) => JSON.stringify(source)))).toEqual(
      new Set([JSON.stringify({ type: 'prometheus', uid: '${datasource}' })]),
    );
  });

  it('names each panel differently, and lays none over another', () => {
    expect(new Set(PANELS.map(({ title }) => title)).size).toBe(PANELS.length);
    const squares = DASHBOARD.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, index) => `${x + (index % w)} ${y + Math.floor(index / w)}`),
    );
    expect(new Set(squares).size).toBe(squares.length);
    expect(Math.max(...DASHBOARD.panels.map(({ gridPos: { x, w } }) => x + w))).toBe(24);
  });

  it.each(PANELS)('$title: says what it shows, in which unit, and where to read on', (panel) => {
    expect(panel.description).toMatch(/\.$/);
    expect(panel.fieldConfig?.defaults.unit).toMatch(/./);
    const [, prefix, anchor] = RUNBOOK.exec(panel.links?.[0]?.url ?? '') ?? [];
    expect(HEADINGS).toContain(anchor);
    expect(RULES).toContain(`runbook_url: ${prefix}docs/operations.md#`);
  });

  it.each(PANELS)(
    '$title: asks of what is chosen alone, over the interval that Grafana computes',
    ({ targets = [] }) => {
      expect(targets).not.toEqual([]);
      for (const { expr } of targets) {
        const selectors = expr.match(/\{.*?\}/g) ?? [];
        const unchosen = selectors.filter((one) => !/^\{job=~"\$job"(, instance=~"\$instance".*)?\}$/.test(one));
        expect({ expr, unchosen }).toEqual({ expr, unchosen: [] });
        expect(selectors).not.toEqual([]);
        expect(expr.match(/\[.*?\]/g) ?? []).toEqual(
          (expr.match(/\[.*?\]/g) ?? []).map(() => expect.stringMatching(/^\[(\$__rate_interval|30d)\]$/) as unknown),
        );
      }
    },
  );
});
