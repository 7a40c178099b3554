import { lines, number, rate } from '../panel.mjs';

const OURS = ', code=~"UPSTREAM_.*|INTERNAL_SERVER_ERROR"';
/** Expression for what is left of the budget of a bad share. */
const budgetLeft = (share, objective) => `1 - ${share} / ${objective}`;
const ofMonth = (counter, filter = '') => `sum(increase(${counter}{$S${filter}}[30d]))`;
const ALL = ofMonth('calltrace_operation_duration_seconds_count');

export const row = {
  title: 'Objectives',
  panels: [
    number(
      'Error budget left',
      'percentunit',
      'operations-fail',
      'Of 30 days: 0.5 % of the operations may fail by the fault of the contact centre or of the gateway. Below 0 the objective is missed.',
      budgetLeft(`${ofMonth('calltrace_operation_failures_total', OURS)} / ${ALL}`, 0.005),
      { red: 0, green: 0.25 },
    ),
    number(
      'Latency budget left',
      'percentunit',
      'answers-are-slow',
      'Of 30 days: 1 % of the answers may take more than 0.5 s.',
      budgetLeft(`(1 - ${ofMonth('calltrace_operation_duration_seconds_bucket', ', le="0.5"')} / ${ALL})`, 0.01),
      { red: 0, green: 0.25 },
    ),
    number(
      'Gateways',
      'none',
      'a-gateway-is-gone',
      'Gateways that Prometheus scrapes.',
      'count(calltrace_build_info{$S})',
    ),
    number(
      'Operations',
      'ops',
      'answers-are-slow',
      'Operations answered in a second, failed ones included.',
      'sum(rate(calltrace_operation_duration_seconds_count{$S}[$__rate_interval]))',
    ),
    lines(
      'Operations that fail',
      'percentunit',
      'operations-fail',
      'Share of the operations that fail by the fault of the contact centre or of the gateway, over two windows. CallTraceFailing pages above 7.2 % (1 h) or 3 % (6 h). Needs the rules of deploy/prometheus/alerts.yml.',
      [
        ['calltrace:operation_failures:ratio_rate1h{job=~"$job"}', '{{job}} 1 h'],
        ['calltrace:operation_failures:ratio_rate6h{job=~"$job"}', '{{job}} 6 h'],
      ],
    ),
    lines(
      'Answers that take more than 0.5 s',
      'percentunit',
      'answers-are-slow',
      'Share of the slow answers, over two windows. CallTraceSlow fires above 14.4 % (1 h) or 6 % (6 h). Needs the rules of deploy/prometheus/alerts.yml.',
      [
        ['calltrace:slow_operations:ratio_rate1h{job=~"$job"}', '{{job}} 1 h'],
        ['calltrace:slow_operations:ratio_rate6h{job=~"$job"}', '{{job}} 6 h'],
      ],
    ),
    lines(
      'Failures by code',
      'ops',
      'operations-fail',
      "Operations that fail, by their worst code, clients' mistakes included. UPSTREAM_*: the contact centre; INTERNAL_SERVER_ERROR: a bug.",
      [[rate('calltrace_operation_failures_total', 'code'), '{{code}}']],
      { onlyMoving: true },
    ),
  ],
};
