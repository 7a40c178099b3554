import { codes } from './code-row.js';

/** What can hold a leg of a call. The meaning ends with what `deviceNo` is there. */
export const DEVICE_TYPES = codes('pages cec_07_0705, cec_07_2640', [
  { code: 1, name: 'SKILL_QUEUE', meaning: 'Skill queue; deviceNo is the queue ID as shown in the configuration console', zh: '技能队列' },
  { code: 2, name: 'AGENT', meaning: 'Agent; deviceNo is the agent ID (work number)', zh: '业务代表' },
  { code: 3, name: 'IVR', meaning: 'IVR flow; deviceNo is the device’s internal identifier, not for display', zh: 'IVR业务流程' },
  { code: 5, name: 'PLATFORM_CALL', meaning: 'A call as device: two parties talk inside the platform without another device, e.g. after a transfer out; deviceNo is the device’s internal identifier, not for display', zh: '呼叫，一般是两方用户在呼叫中心平台内形成通话时产生（如转出）' },
  { code: 7, name: 'TEMPORARY_ROUTING_DEVICE', meaning: 'Temporary routing device; deviceNo is the device’s internal identifier, not for display', zh: '路由临时设备' },
  { code: 8, name: 'VIRTUAL_DEVICE', meaning: 'Virtual device; deviceNo is the ID of the device shared over the network of call centres', zh: '虚设备' },
  { code: 10, name: 'CDN', meaning: 'CDN routing device (a control point where an external application routes the call); deviceNo is the device’s internal identifier, not for display', zh: 'CDN设备' },
  { code: 11, name: 'MELCAS', meaning: 'MELCAS device; deviceNo is the device’s internal identifier, not for display', zh: 'MELCAS设备' },
  { code: 14, name: 'PGR', meaning: 'PGR: default CDN route controlled through SCAI; deviceNo is the device’s internal identifier, not for display', zh: 'PGR（指由SCAI控制的CDN缺省路由）' },
  { code: 15, name: 'CONFERENCE', meaning: 'Conference call; deviceNo is the device’s internal identifier, not for display', zh: '电话会议' },
]);
