import { RESULT_CODE } from '../codes.js';
import type { Fault } from './fault.js';

/** HTTP 200 with a failing result code, or with the right code around something unexpected. */
export const RESULT_FAULTS = {
  'result-0100001': failure('0100001', 'Calling the interface failed'),
  'result-0100002': failure('0100002', 'Invalid parameter'),
  'result-0100003': failure('0100003', 'The platform is too old for this interface'),
  'result-0100999': failure('0100999', 'Unknown error'),
  'result-0101001': failure('0101001', 'The quality inspection does not answer'),
  'result-0101002': failure('0101002', 'The number is not known'),
  'result-0101003': failure('0101003', 'Insufficient permission'),
  'desc-string': ({ exchange }) => exchange.sendJson(200, { resultCode: RESULT_CODE.SUCCESS, resultDesc: 'success' }),
  'desc-object': ({ exchange, records, toWire }) => {
    const data = toWire(records);
    exchange.sendJson(200, { resultCode: RESULT_CODE.SUCCESS, resultDesc: { data, count: data.length } });
  },
  'desc-null': ({ exchange }) => exchange.sendJson(200, { resultCode: RESULT_CODE.SUCCESS, resultDesc: null }),
  'legacy-result-datas': ({ exchange, records, toWire }) => {
    const data = toWire(records);
    exchange.sendJson(200, { resultCode: RESULT_CODE.SUCCESS, resultDesc: data, result: '0', resultDatas: data });
  },
} satisfies Record<string, Fault>;

function failure(resultCode: string, resultDesc: string): Fault {
  return ({ exchange }) => exchange.sendJson(200, { resultCode, resultDesc });
}
