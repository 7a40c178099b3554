/** Everything that can be made to go wrong, by name; `faults.ts` holds what each does. */
export const FAULT_NAMES = [
  'slow',
  'hang-before-headers',
  'hang-mid-body',
  'reset',
  'http-401',
  'http-403-json',
  'http-403-html',
  'http-418',
  'http-429',
  'http-500',
  'http-502',
  'http-503',
  'http-504-html',
  'redirect',
  'result-0100001',
  'result-0100002',
  'result-0100003',
  'result-0100999',
  'result-0101001',
  'result-0101002',
  'result-0101003',
  'desc-string',
  'desc-object',
  'desc-null',
  'html-200',
  'truncated-json',
  'huge-body',
  'wrong-types',
  'missing-fields',
  'unknown-codes',
  'duplicate-legs',
  'two-final-legs',
  'no-final-leg',
  'negative-times',
  'second-based-times',
  'other-call',
  'other-vdn',
  'empty-body',
  'legacy-result-datas',
] as const;

/** One of `FAULT_NAMES`. */
export type FaultName = (typeof FAULT_NAMES)[number];

/** Whether a text names a fault. */
export function isFaultName(text: string): text is FaultName {
  return (FAULT_NAMES as readonly string[]).includes(text);
}
