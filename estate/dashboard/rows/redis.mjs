import { lines, rate } from '../panel.mjs';

export const row = {
  title: 'Redis',
  panels: [
    lines(
      'Redis in use',
      'none',
      'redis-fails',
      '1: in use; 0: the circuit breaker is open, and each gateway caches for itself. Without data: no Redis is configured.',
      [['calltrace_redis_up{$S}', '{{instance}}']],
    ),
    lines(
      'Failed commands',
      'ops',
      'redis-fails',
      'lost: no answer in time; refused: Redis answered an error, because it is full, read-only, or a right is missing.',
      [[rate('calltrace_redis_failures_total', 'kind'), '{{kind}}']],
    ),
    lines(
      'How long commands take (p99)',
      's',
      'redis-fails',
      'By purpose. Near REDIS_COMMAND_TIMEOUT_MS commands will be lost next.',
      [
        [
          `histogram_quantile(0.99, ${rate('calltrace_redis_command_duration_seconds_bucket', 'le, kind')})`,
          '{{kind}}',
        ],
      ],
    ),
  ],
};
