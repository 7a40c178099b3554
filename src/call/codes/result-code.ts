import { codes } from './code-row.js';

/** What the interface says of a request. On the wire: seven characters with a leading zero. */
export const RESULT_CODES = codes('pages cec_07_0696, cec_07_2631', [
  { code: 100000, name: 'SUCCESS', meaning: 'The operation succeeded; resultDesc carries data' },
  { code: 100001, name: 'CALL_FAILED', meaning: 'Invoking the interface failed' },
  { code: 100002, name: 'INVALID_PARAMETER', meaning: 'A parameter is invalid; resultDesc is a plain text' },
  { code: 100003, name: 'CTI_VERSION_UNSUPPORTED', meaning: 'The interface needs CTI V3R8, but V3R6 was detected' },
  { code: 100999, name: 'UNKNOWN_ERROR', meaning: 'Unknown exception' },
  { code: 101001, name: 'QUALITY_RELATION_ERROR', meaning: 'The quality-inspection relation interface failed' },
  { code: 101002, name: 'NUMBER_NOT_IN_UAP', meaning: 'The queried number does not exist in the UAP' },
  { code: 101003, name: 'PERMISSION_DENIED', meaning: 'Permission is insufficient' },
], 7);
