import { codes } from './code-row.js';

/** What the interface says of a request. On the wire: seven characters with a leading zero. */
export const RESULT_CODES = codes('pages cec_07_0696, cec_07_2631', [
  { code: 100000, name: 'SUCCESS', meaning: 'The operation succeeded; resultDesc carries data', zh: '接口调用成功' },
  { code: 100001, name: 'CALL_FAILED', meaning: 'Invoking the interface failed', zh: '接口调用失败' },
  { code: 100002, name: 'INVALID_PARAMETER', meaning: 'A parameter is invalid; resultDesc is a plain text', zh: '参数不合法' },
  { code: 100003, name: 'CTI_VERSION_UNSUPPORTED', meaning: 'The interface needs CTI V3R8, but V3R6 was detected', zh: '当前接口仅支持CTI的V3R8版本，检测到当前CTI版本是V3R6' },
  { code: 100999, name: 'UNKNOWN_ERROR', meaning: 'Unknown exception', zh: '未知异常' },
  { code: 101001, name: 'QUALITY_RELATION_ERROR', meaning: 'The quality-inspection relation interface failed', zh: '质检关系接口异常' },
  { code: 101002, name: 'NUMBER_NOT_IN_UAP', meaning: 'The queried number does not exist in the UAP', zh: '查询的号码在uap不存在' },
  { code: 101003, name: 'PERMISSION_DENIED', meaning: 'Permission is insufficient', zh: '权限不足' },
], 7);
