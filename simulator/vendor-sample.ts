const CALL_ID = '1678978542-92';
const VDN = 170;

/**
 * The reply printed in the documentation, as the nearest valid JSON text: comments dropped and the odd key
 * `subMediaType|` closed. It keeps `mediaType` twice ("1", later 53), which no JSON writer would produce: so the story of
 * this name has its record, and here is its text. The times are of March 2021, the call ID is of March 2023.
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

/** Whether the documentation's own call is asked for; the call centre does not matter. */
export function isVendorSample(query: { vdn: number; callId: string }): boolean {
  return query.vdn === VDN && query.callId === CALL_ID;
}
