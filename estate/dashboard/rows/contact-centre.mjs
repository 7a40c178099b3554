import { lines, quantiles, rate } from '../panel.mjs';

export const row = {
  title: 'Contact centre',
  panels: [
    lines(
      'Requests by outcome',
      'reqps',
      'which-fault-is-it',
      'Requests to the contact centre with their retries, by outcome: ok, or the cause of the failure.',
      [[rate('calltrace_upstream_attempts_total', 'outcome'), '{{outcome}}']],
      { onlyMoving: true },
    ),
    lines(
      'How long a request takes',
      's',
      'answers-are-slow',
      'Time of a request to the contact centre. Compare with the wait for a slot.',
      quantiles('calltrace_upstream_attempt_duration_seconds'),
    ),
    lines(
      'How long a request waits for its slot',
      's',
      'answers-are-slow',
      'Quick requests and a long wait: more is asked for than CMS_MAX_CONCURRENCY allows.',
      quantiles('calltrace_upstream_queue_wait_seconds'),
    ),
    lines(
      'In flight',
      'none',
      'answers-are-slow',
      'Requests to the contact centre in flight, for each gateway, and the limit of one (CMS_MAX_CONCURRENCY).',
      [
        ['calltrace_upstream_in_flight{$S}', '{{instance}}'],
        ['max(calltrace_upstream_in_flight_limit{$S})', 'limit'],
      ],
    ),
    lines(
      'Queue',
      'none',
      'answers-are-slow',
      'Requests that wait for a slot, for each gateway, and the limit of one (CMS_MAX_QUEUE). At the limit, operations fail with UPSTREAM_OVERLOADED.',
      [
        ['calltrace_upstream_queued{$S}', '{{instance}}'],
        ['max(calltrace_upstream_queue_limit{$S})', 'limit'],
      ],
    ),
    lines(
      'Addresses in use',
      'none',
      'the-contact-centre-fails',
      '1: the address is in use; 0: its circuit breaker is open. Numbered from 0, in the order of CMS_BASE_URLS.',
      [['calltrace_upstream_endpoint_up{$S}', '{{instance}} address {{endpoint}}']],
    ),
    lines(
      'Signatures',
      'none',
      'lock-out',
      'The state of the keys of each gateway. refused, locked or no_answer: only probes are sent.',
      [['calltrace_upstream_signature_state{$S} == 1', '{{instance}} {{state}}']],
    ),
    lines(
      'Clock',
      's',
      'clocks',
      "How far the clock of each gateway is ahead of the contact centre's. Beyond 60 s signatures will be refused.",
      [['calltrace_upstream_clock_ahead_seconds{$S}', '{{instance}}']],
    ),
    lines(
      'Odd replies',
      'ops',
      'the-contact-centre-fails',
      'Oddities in replies that could be read nevertheless, by kind. A jump: the interface has changed.',
      [[rate('calltrace_upstream_reading_notes_total', 'note'), '{{note}}']],
    ),
  ],
};
