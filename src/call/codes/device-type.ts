import { codes } from './code-row.js';

/** What can hold a leg of a call. The meaning ends with what `deviceNo` is there. */
export const DEVICE_TYPES = codes('pages cec_07_0705, cec_07_2640', [
  { code: 1, name: 'SKILL_QUEUE', meaning: 'Skill queue; deviceNo is the queue ID as shown in the configuration console' },
  { code: 2, name: 'AGENT', meaning: 'Agent; deviceNo is the agent ID (work number)' },
  { code: 3, name: 'IVR', meaning: 'IVR flow; deviceNo is the device’s internal identifier, not for display' },
  { code: 5, name: 'PLATFORM_CALL', meaning: 'A call as device: two parties talk inside the platform without another device, e.g. after a transfer out; deviceNo is the device’s internal identifier, not for display' },
  { code: 7, name: 'TEMPORARY_ROUTING_DEVICE', meaning: 'Temporary routing device; deviceNo is the device’s internal identifier, not for display' },
  { code: 8, name: 'VIRTUAL_DEVICE', meaning: 'Virtual device; deviceNo is the ID of the device shared over the network of call centres' },
  { code: 10, name: 'CDN', meaning: 'CDN routing device (a control point where an external application routes the call); deviceNo is the device’s internal identifier, not for display' },
  { code: 11, name: 'MELCAS', meaning: 'MELCAS device; deviceNo is the device’s internal identifier, not for display' },
  { code: 14, name: 'PGR', meaning: 'PGR: default CDN route controlled through SCAI; deviceNo is the device’s internal identifier, not for display' },
  { code: 15, name: 'CONFERENCE', meaning: 'Conference call; deviceNo is the device’s internal identifier, not for display' },
]);
