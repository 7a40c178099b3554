import { FINAL, type TraceRecord } from './trace-record.js';

const CALL_ID = '1678978542-92';
const VDN = 170;

/** All four times of the sample, in March 2021, though its call ID is of March 2023. */
const SAMPLE_TIME = 1_615_717_765_000;

/**
 * The reply printed in the documentation, as the nearest valid JSON text: comments dropped and the odd key
 * `subMediaType|` closed. It keeps `mediaType` twice ("1", later 53), which no JSON writer would produce.
 */
export const VENDOR_SAMPLE = `{
  "resultCode":"0100000",
  "resultDesc": [{
    "callId": "1678978542-92",
    "mediaType": "1",
    "subMediaType|": "1",
    "callIdNum": "-1",
    "callerNo": "80000888",
    "calleeNo": "624192",
    "waitBegin": "1615717765000",
    "ackBegin": "1615717765000",
    "callBegin": "1615717765000",
    "callEnd": "1615717765000",
    "subCcNo": "0",
    "deviceType": "1",
    "deviceNo": "1",
    "deviceIn": "1",
    "callType": "1",
    "releaseCause": "1",
    "EnterReason": "11",
    "LeaveReason": "11",
    "CurrentSkillID": "0",
    "mediaType":53,
    "subMediaType":1
  }]
}`;

/** What the sample says, for finding its table and for faults that bend it. */
export const VENDOR_SAMPLE_RECORD: TraceRecord = {
  callId: CALL_ID,
  callIdNum: FINAL,
  mediaType: 53,
  subMediaType: 1,
  callerNo: '80000888',
  calleeNo: '624192',
  waitBegin: SAMPLE_TIME,
  ackBegin: SAMPLE_TIME,
  callBegin: SAMPLE_TIME,
  callEnd: SAMPLE_TIME,
  subCcNo: 0,
  deviceType: 1,
  deviceNo: '1',
  deviceIn: '1',
  callType: 1,
  releaseCause: 1,
  enterReason: 11,
  leaveReason: 11,
  currentSkillId: '0',
};

/** Whether the documentation's own call is asked for; the call centre does not matter. */
export function isVendorSample(query: { vdn: number; callId: string }): boolean {
  return query.vdn === VDN && query.callId === CALL_ID;
}
