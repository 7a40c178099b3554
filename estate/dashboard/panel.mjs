/**
 * Panels and expressions, for the rows of the dashboard. `unit` is a unit of Grafana; `runbook`, a heading of
 * docs/operations.md. A query is an expression and the legend of its series; `$S` in it stands for the chosen jobs and
 * instances, and comes within braces. `more`: `stacked`; `onlyMoving`, without series that are 0; `red`, `green`, for a
 * number: red below the first, green from the second on.
 */

/** A panel with one number. */
export const number = (title, unit, runbook, description, expression, more = {}) => ({
  kind: 'number',
  title,
  unit,
  runbook,
  description,
  queries: [[expression, '']],
  ...more,
});

/** A panel with lines over time. */
export const lines = (title, unit, runbook, description, queries, more = {}) => ({
  kind: 'lines',
  title,
  unit,
  runbook,
  description,
  queries,
  ...more,
});

/** The sum of what a counter counts in a second, by some labels. `filter`: further matchers, after a comma. */
export const rate = (counter, by, filter = '') => `sum by (${by}) (rate(${counter}{$S${filter}}[$__rate_interval]))`;
/** Lines for the median and the 99th percentile of a histogram; `by`: a label that has lines of its own. */
export const quantiles = (histogram, by) =>
  [0.5, 0.99].map((quantile) => [
    `histogram_quantile(${quantile}, ${rate(`${histogram}_bucket`, by ? `le, ${by}` : 'le')})`,
    `${by ? `{{${by}}} ` : ''}p${quantile * 100}`,
  ]);
