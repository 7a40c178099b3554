/** A record as the contact centre writes it, strings for numbers; a test changes what it is about. */
export function wireRecord(change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    callId: '1749974400-2',
    mediaType: '5',
    callIdNum: '-1',
    callerNo: '5550100001',
    calleeNo: '55500100',
    waitBegin: '1749974400000',
    ackBegin: '1749974401000',
    callBegin: '1749974403000',
    callEnd: '1749974463000',
    subCcNo: '0',
    deviceType: '2',
    deviceNo: '2001',
    deviceIn: 'DEVICE_AGENT',
    callType: '0',
    releaseCause: '531',
    EnterReason: '0',
    LeaveReason: '15',
    CurrentSkillID: '101',
    ...change,
  };
}
