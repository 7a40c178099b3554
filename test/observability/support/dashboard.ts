import { readFileSync } from 'node:fs';

/** The dashboard for Grafana, as far as the tests read it. */
export interface Dashboard {
  readonly id?: unknown;
  readonly uid: string;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly type: string }[] };
  readonly annotations: { readonly list: readonly { readonly expr: string; readonly datasource: DataSource }[] };
}

/** A panel, or the heading of a row. */
export interface Panel {
  readonly id?: unknown;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly datasource?: DataSource;
  readonly links?: readonly { readonly url: string }[];
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string } };
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
}

interface DataSource {
  readonly type: string;
  readonly uid: string;
}

/** An expression of a panel, as Prometheus takes it. */
export interface PanelQuery {
  readonly panel: string;
  readonly expression: string;
}

export const DASHBOARD_FILE = 'deploy/grafana/call-trace-gateway.json';

export function readDashboard(): Dashboard {
  return JSON.parse(readFileSync(DASHBOARD_FILE, 'utf8')) as Dashboard;
}

/** The panels that show data. */
export function panelsOf({ panels }: Dashboard): readonly Panel[] {
  return panels.filter(({ type }) => type !== 'row');
}

/** Every query of the panels; `rateInterval` stands for Grafana's variable, and all jobs and instances are chosen. */
export function queriesOf(dashboard: Dashboard, rateInterval: string): readonly PanelQuery[] {
  return panelsOf(dashboard).flatMap(({ title, targets = [] }) =>
    targets.map(({ expr }) => ({ panel: title, expression: inPrometheus(expr, rateInterval) })),
  );
}

/** Puts what Grafana would for its variables. */
export function inPrometheus(expression: string, rateInterval: string): string {
  return expression.replaceAll('$__rate_interval', rateInterval).replace(/\$(job|instance)\b/g, '.+');
}
