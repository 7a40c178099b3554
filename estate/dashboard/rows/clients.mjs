import { lines, quantiles, rate } from '../panel.mjs';

export const row = {
  title: 'Clients',
  panels: [
    lines(
      'How long clients wait',
      's',
      'answers-are-slow',
      'Time from the whole request to the answer: half of the answers are faster than p50, and one in a hundred is slower than p99.',
      quantiles('calltrace_operation_duration_seconds', 'kind'),
    ),
    lines(
      'Operations by name',
      'ops',
      'answers-are-slow',
      'Which client asks, if clients name their operations. The ten that ask most at each moment: over a time there can be more lines. An operation with several error codes counts once for each.',
      [['topk(10, sum by (name) (rate(calltrace_operations_total{$S}[$__rate_interval])))', '{{name}}']],
    ),
    lines(
      'Refused requests',
      'reqps',
      'callers-are-refused',
      'Requests that were refused before an operation ran, by the reason.',
      [[rate('calltrace_refused_total', 'reason'), '{{reason}}']],
      { onlyMoving: true },
    ),
    lines(
      'Fast path',
      'reqps',
      'answers-are-slow',
      'Requests that the fast path answered, or left to the standard path, by the reason. The standard path costs several times the work.',
      [[rate('calltrace_fast_path_requests_total', 'outcome'), '{{outcome}}']],
    ),
    lines(
      'Connections',
      'none',
      'callers-are-refused',
      'Open connections of clients, and the limit (MAX_CONNECTIONS). At the limit, probes fail too, unless ADMIN_PORT is set.',
      [
        ['calltrace_connections{$S}', '{{instance}}'],
        ['max(calltrace_connections_limit{$S})', 'limit'],
      ],
    ),
    lines(
      "Age of callers' keys",
      's',
      'callers-are-refused',
      'Time since the keys of callers were last read, by the setting that names their place. Above 10 for a file or 300 for AUTH_JWKS_URL they cannot be read. Without data: no setting names a place.',
      [['max by (file) (calltrace_access_file_age_seconds{$S})', '{{file}}']],
    ),
  ],
};
