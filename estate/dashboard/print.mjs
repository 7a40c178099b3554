/**
 * Writes deploy/grafana/call-trace-gateway.json, the dashboard for Grafana. With `--check` it writes nothing, and fails if
 * the file differs from what it would write.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import * as common from '@grafana/grafana-foundation-sdk/common';
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import * as stat from '@grafana/grafana-foundation-sdk/stat';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import { row as objectives } from './rows/objectives.mjs';
import { row as clients } from './rows/clients.mjs';
import { row as answers } from './rows/answers.mjs';
import { row as contactCentre } from './rows/contact-centre.mjs';
import { row as redis } from './rows/redis.mjs';
import { row as processRow } from './rows/process.mjs';

/** In the order in which somebody who was woken reads them. */
const ROWS = [objectives, clients, answers, contactCentre, redis, processRow];

const FILE = new URL('../../deploy/grafana/call-trace-gateway.json', import.meta.url);
/** Where docs/ of this source tree is for whoever reads the dashboard; deploy/prometheus/alerts.yml has the same. */
const RUNBOOK = 'https://call-trace-gateway.example/docs/operations.md';
const SELECTED = 'job=~"$job", instance=~"$instance"';
const DATA_SOURCE = { type: 'prometheus', uid: '${datasource}' };
/** The grid is 24 wide. Three panels with lines, or four with a number, stand side by side. */
const SIZES = { lines: { width: 8, height: 8 }, number: { width: 6, height: 4 } };

const text = `${JSON.stringify(build(), withoutDefaults, 2)}\n`;
if (!process.argv.includes('--check')) writeFileSync(FILE, text);
else if (!existsSync(FILE) || readFileSync(FILE, 'utf8') !== text) {
  console.error(
    'deploy/grafana/call-trace-gateway.json differs from its source: node estate/dashboard/print.mjs writes it.',
  );
  process.exitCode = 1;
}

function build() {
  const builder = new dashboard.DashboardBuilder('Call trace gateway')
    .uid('call-trace-gateway')
    .description(
      'Objectives, clients, caches, the contact centre, Redis and the process. Each panel links to its runbook.',
    )
    .tags(['call-trace-gateway'])
    .editable()
    .timezone('browser')
    .time({ from: 'now-6h', to: 'now' })
    .refresh('1m')
    .tooltip(dashboard.DashboardCursorSync.Crosshair)
    .withVariable(new dashboard.DatasourceVariableBuilder('datasource').label('Data source').type('prometheus'))
    .withVariable(selection('job', 'Job', 'label_values(calltrace_build_info, job)'))
    .withVariable(selection('instance', 'Gateway', 'label_values(calltrace_build_info{job=~"$job"}, instance)'))
    .annotation(versionChanges())
    .link(linkTo('Runbook', ''));
  for (const { title, panels } of ROWS) {
    builder.withRow(new dashboard.RowBuilder(title));
    for (const panel of panels) builder.withPanel(panelOf(panel));
  }
  return builder.build();
}

function selection(name, label, query) {
  return new dashboard.QueryVariableBuilder(name)
    .label(label)
    .datasource(DATA_SOURCE)
    .query({ query, refId: name })
    .refresh(dashboard.VariableRefresh.OnTimeRangeChanged)
    .sort(dashboard.VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .allValue('.+')
    .current({ text: 'All', value: '$__all', selected: true });
}

/** A mark at each time at which a version, a revision or a Node began to run. */
function versionChanges() {
  return new dashboard.AnnotationQueryBuilder()
    .name('Versions')
    .datasource(DATA_SOURCE)
    .enable(true)
    .iconColor('blue')
    .expr(
      `count by (version, revision, node) (calltrace_build_info{${SELECTED}}) unless count by (version, revision, node) (calltrace_build_info{${SELECTED}} offset 5m)`,
    )
    .titleFormat('{{version}} {{revision}}')
    .textFormat('Node {{node}}')
    .step('60s');
}

function panelOf({ kind, title, unit, runbook, description, queries, stacked, onlyMoving, red, green }) {
  const { width, height } = SIZES[kind];
  const panel = kind === 'number' ? new stat.PanelBuilder() : linesOf(stacked);
  if (kind === 'number' && green !== undefined) panel.thresholds(thresholds(red, green));
  panel
    .title(title)
    .description(description)
    .unit(unit)
    .datasource(DATA_SOURCE)
    .span(width)
    .height(height)
    .links([linkTo('Runbook', `#${runbook}`)]);
  queries.forEach(([expression, legend], index) => {
    const selected = expression.replaceAll('$S', SELECTED);
    const query = new prometheus.DataqueryBuilder()
      .refId(String.fromCharCode('A'.charCodeAt(0) + index))
      .expr(onlyMoving ? `${selected} > 0` : selected)
      .legendFormat(legend);
    panel.withTarget(kind === 'number' ? query.instant() : query.range());
  });
  return panel;
}

function linesOf(stacked) {
  const panel = new timeseries.PanelBuilder()
    .fillOpacity(stacked ? 30 : 5)
    .legend(
      new common.VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(common.LegendDisplayMode.List)
        .placement(common.LegendPlacement.Bottom)
        .calcs([]),
    )
    .tooltip(
      new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Multi).sort(common.SortOrder.Descending),
    );
  return stacked ? panel.stacking(new common.StackingConfigBuilder().mode(common.StackingMode.Normal)) : panel;
}

/** Red below `red`, yellow below `green`, green from there on. */
function thresholds(red, green) {
  return new dashboard.ThresholdsConfigBuilder().mode(dashboard.ThresholdsMode.Absolute).steps([
    { value: null, color: 'red' },
    { value: red, color: 'yellow' },
    { value: green, color: 'green' },
  ]);
}

function linkTo(title, anchor) {
  return new dashboard.DashboardLinkBuilder(title)
    .type(dashboard.DashboardLinkType.Link)
    .icon('doc')
    .url(`${RUNBOOK}${anchor}`)
    .targetBlank(true);
}

/**
 * Leaves out numbers of dashboards and panels, which Grafana gives itself and which could be another dashboard's, and the
 * SDK's default of hiding links in a menu.
 */
function withoutDefaults(key, value) {
  const isNumber = key === 'id' && typeof value !== 'string';
  return isNumber || (key === 'placement' && value === 'inControlsMenu') ? undefined : value;
}
