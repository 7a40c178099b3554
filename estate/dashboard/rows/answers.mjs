import { lines, rate } from '../panel.mjs';

export const row = {
  title: 'Where answers come from',
  panels: [
    lines(
      'Calls in answers, by source',
      'ops',
      'operations-fail',
      'From the memory of a gateway, from Redis (shared_cache), or asked of the contact centre (upstream).',
      [[rate('calltrace_answers_total', 'source'), '{{source}}']],
      { stacked: true },
    ),
    lines(
      'Stale calls',
      'percentunit',
      'operations-fail',
      'Share of the calls in answers that come from a cache because the contact centre fails. CallTraceStale fires above 10 %.',
      [
        [
          'sum(rate(calltrace_answers_total{$S, stale="true"}[$__rate_interval])) / sum(rate(calltrace_answers_total{$S}[$__rate_interval]))',
          'stale',
        ],
      ],
    ),
    lines(
      'Questions that were shared',
      'ops',
      'answers-are-slow',
      "Requests for a call that joined one in flight in the same gateway, or waited for another gateway's answer.",
      [
        ['sum(rate(calltrace_single_flight_joins_total{$S}[$__rate_interval]))', 'joined in the gateway'],
        ['sum(rate(calltrace_lease_waits_total{$S}[$__rate_interval]))', 'waited for another gateway'],
      ],
    ),
  ],
};
