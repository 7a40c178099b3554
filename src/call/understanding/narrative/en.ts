import type { Catalogue } from './catalogue.js';

/** English. Sentences begin in lower case: whoever puts them together capitalises. */
export const EN: Catalogue = {
  customer: '{direction, select, INTERNAL {the caller} other {the customer}}',
  agents:
    '{known, plural, =0 {{count, plural, one {an agent} other {# agents}}} other {{count, plural, one {agent} other {agents}} {ids}}}',
  queues:
    '{known, plural, =0 {{count, plural, one {a queue} other {# queues}}} other {{count, plural, one {queue} other {queues}} {ids}}}',
  'list.separator': ', ',
  'list.last': '{shown} and {last}',
  'list.others': '{shown} and {count, plural, one {# other} other {# others}}',
  device:
    '{kind, select, QUEUE {queue} AGENT {agent} IVR {menu} ROUTER {router} CONFERENCE {conference} OUTSIDE {outside party} other {unknown device}}{hasId, select, yes { {id}} other {}}',
  place:
    '{kind, select, IVR {the menu} ROUTER {a router} CONFERENCE {a conference} OUTSIDE {an outside party} other {an unknown device}}',
  queueNotRecorded: 'a queue without a record',
  nowhere: 'a place that no record names',
  duration:
    '{size, select, NONE {less than 1 s} SECONDS {{seconds} s} MINUTES {{minutes} min {seconds} s} HOURS {{hours} h {minutes} min {seconds} s} other {{days, plural, one {# day} other {# days}} {hours} h {minutes} min {seconds} s}}',
  date: '{day} {month, select, 1 {Jan} 2 {Feb} 3 {Mar} 4 {Apr} 5 {May} 6 {Jun} 7 {Jul} 8 {Aug} 9 {Sep} 10 {Oct} 11 {Nov} other {Dec}} {year}',
  when: '{form, select, NONE {no times are recorded} INSTANT {{date}, {time} ({open, select, yes {so far, } other {}}{offset})} ONE_DAY {{date}, {time}–{endTime} ({open, select, yes {so far, } other {}}{offset})} DAYS {{date}, {time} – {endDate}, {endTime} ({open, select, yes {so far, } other {}}{offset})} other {{date}, {time} ({offset}) – {endDate}, {endTime} ({open, select, yes {so far, } other {}}{endOffset})}}',
  headline: '{what}. {when}.',
  uncertain: '{statement} (uncertain)',

  'verdict.IN_PROGRESS': 'in progress{answered, select, yes {: {answer}} other {}}',
  'verdict.ANSWERED':
    '{direction, select, OUTBOUND {{by, select, AGENT {{agent} reached {customer}} other {{customer} was reached}}{callback, select, yes { on a callback} other {}}{hasWait, select, yes { after {waited}} other {}}} other {{callback, select, yes {callback: } other {}}answered{hasWait, select, yes { after {waited}} other {}}{by, select, AGENT { by {agent}} other {, by whom is not recorded}}}}',
  'verdict.ABANDONED_IN_QUEUE':
    '{customer} {reached, select, yes {was reached and gave up} other {gave up}} after waiting {waited} in {queues}',
  'verdict.ABANDONED_WHILE_RINGING':
    '{customer} {reached, select, yes {was reached and gave up} other {gave up}} after waiting {waited}, while it rang at {agent}',
  'verdict.ABANDONED_IN_IVR': '{customer} ended the call in the menu',
  'verdict.CALLBACK_REQUESTED': 'not answered: {customer} asked for a callback',
  'verdict.MESSAGE_LEFT': 'not answered: {customer} left a message',
  'verdict.NOT_REACHED':
    '{customer} was not reached{reason, select, BUSY {: the line was busy} NO_ANSWER {: nobody answered} REJECTED {: the call was rejected} POWERED_OFF {: the phone was switched off} OUT_OF_COVERAGE {: the phone was out of coverage} UNALLOCATED {: the number does not exist} MAILBOX {: a mailbox answered} other {}}',
  'verdict.NOT_SERVED':
    'not served{reason, select, QUEUE_TIMEOUT {: the wait in the queue timed out} OVERFLOW {: the queue was full or busy} NO_AGENT {: no agent was on duty} NO_CAPACITY {: the contact centre had no capacity left} NO_ANSWER {: no agent answered} CHARGING {: charging did not allow the call} CANCELLED {: queuing was cancelled} other {}}',
  'verdict.FORWARDED': 'not answered here: the call was forwarded outside',
  'verdict.SELF_SERVED': 'served without an agent',
  'verdict.FAILED':
    'failed{reason, select, FAULT {: a fault in the contact centre} TIMEOUT {: a timeout in the contact centre} CONFIGURATION {: the configuration of the contact centre} other {}}',
  'verdict.UNKNOWN': 'what came of the call is not recorded',

  handover:
    '{form, select, DONE {{own, select, yes {, who} other {; {by}}} handed over to {to}} NOT_ANSWERED {{own, select, yes {, whose transfer nobody answered} other {; nobody answered the transfer by {by}}}} MANY {; handed over {count, plural, one {# time} other {# times}}, last by {by} to {to}} MANY_OPEN {; transferred {count, plural, one {# time} other {# times}}, last by {by}} other {{own, select, yes {, who} other {; {by}}} transferred the call{form, select, LOST {; what followed is not recorded} other {}}}}',
  'ending.where':
    '{phase, select, ON_HOLD { while on hold} CONFERENCE { in the conference} QUEUE { in the queue} RINGING { while it rang} IVR { in the menu} ROUTING { while it was routed} other {}}',
  ending:
    '; {party, select, CUSTOMER {{customer} ended the call} AGENT {{agent} ended the call} SYSTEM {the system ended the call} other {{how, select, NOT_RECORDED {no record tells how the call ended} TRANSFERRED_OUT {the call left by a transfer; what followed is not recorded} REDIRECTED {the call was redirected; what followed is not recorded} CONFERENCE_RELEASED {the conference was released, by whom is not recorded} other {the call ended{where}, by whom is not recorded}}}}{party, select, UNKNOWN {} other {{where}{how, select, TALK_LIMIT {, at the limit of talk time} TIMEOUT {, after a timeout} FAULT {, after a fault} REJECTED {, by rejecting it} other {}}}}',
  'ending.abandoned':
    '; {phase, select, ON_HOLD {{customer} hung up after {waited} on hold} QUEUE {{customer} gave up after waiting {waited} in {queues}} RINGING {{customer} gave up after waiting {waited}, while it rang at {agent}} IVR {{customer} ended the call in the menu} other {{customer} gave up after waiting {waited}}}',
  now: '{answered, select, yes {; } other {: }}{phase, select, IVR {{customer} is in the menu} ROUTING {the call is being routed} QUEUE {{customer} is waiting in {queues}} RINGING {it is ringing at {agent}} TALKING {{customer} is talking with {agent}} ON_HOLD {{customer} is on hold} CONFERENCE {{customer} is in a conference} OUTSIDE {{customer} is talking with a party that no record names} other {where it is now is not recorded}}',

  'piece.IVR':
    '{open, select, yes {{customer} has been in the menu for {duration} so far} other {{customer} was in the menu for {duration}}}.',
  'piece.ROUTING': '{open, select, yes {routing has taken {duration} so far} other {routing took {duration}}}.',
  'piece.QUEUE':
    '{open, select, yes {{customer} has been waiting in {queues} for {duration} so far} other {{customer} waited {duration} in {queues}}}.',
  'piece.RINGING':
    '{dialling, select, yes {{agents} called {customer}; it {open, select, yes {has been ringing for {duration} so far} other {rang for {duration}}}} other {the call {open, select, yes {has been ringing for {duration} so far} other {rang for {duration}}} at {agents}}}.',
  'piece.TALKING':
    '{open, select, yes {{agents} and {customer} have been talking for {duration} so far} other {{agents} talked with {customer} for {duration}}}.',
  'piece.OUTSIDE':
    '{open, select, yes {{customer} has been talking with a party that no record names for {duration} so far} other {{customer} talked with a party that no record names for {duration}}}.',
  'piece.HOLD':
    '{open, select, yes {{agents} put the call on hold {duration} ago} other {{agents} held the call for {duration}}}.',
  'piece.CONFERENCE':
    '{open, select, yes {{customer} has been in a conference for {duration} so far} other {{customer} was in a conference for {duration}}}.',
  'piece.UNACCOUNTED':
    '{open, select, yes {no record covers the last {duration}} other {no record covers the {position, select, first {first} other {next}} {duration}}}.',

  'link.OVERFLOW': '{from} was full or busy, and the call overflowed to {to}.',
  'link.TIMEOUT': 'the wait timed out in {from}, and the call went on to {to}.',
  'link.NO_AGENT': 'no agent was on duty at {from}, and the call went on to {to}.',
  'link.QUEUE_CANCELLED': 'queuing was cancelled in {from}, and the call went on to {to}.',
  'link.NO_ANSWER': '{from} did not answer, and the call went on to {to}.',
  'link.REJECTED': '{from} turned the call away, and it went on to {to}.',
  'link.RESUME': 'the suspended call came back from {from} to {to}.',
  'link.TRANSFER':
    '{hasTo, select, no {{from} transferred the call; what followed is not recorded} other {{from} handed the call over to {to} ({kind, select, BLIND {blind transfer} SUPERVISED {supervised transfer} ATTENDED {attended transfer} THREE_PARTY {three-party transfer} SUSPENDED {suspended transfer} other {transfer of an unknown kind}}){completed, select, no {, but nobody answered} unknown {; whether anybody answered is not recorded} other {}}}}.',
  'link.TRANSFER_FAILED': 'the transfer did not succeed, and the call came back from {from} to {to}.',
  'link.HOLD': '{from} took the call back from hold.',
  'link.CONSULT': 'meanwhile {from} consulted {to}.',
  'link.HELP': 'meanwhile {from} asked {to} to join the call.',
  'link.CONFERENCE': '{from} went into a conference.',
  'link.INTERCEPT': '{to} took the call over from {from} by intercepting it.',
  'link.PICKUP': '{to} picked up the call that rang at {from}.',
  'link.NETWORK_RETURN': 'the network of call centres gave the call back from {from} to {to}.',
  'link.REROUTE': 'the call was routed anew, from {from} to {to}.',
  'link.PARALLEL_QUEUE': 'besides {from}, the call waited in {to}.',
  onDate: '{date}, {time}: {sentence}',
  warnings:
    'the records raise {count, plural, one {# warning} other {# warnings}}, so parts of this account may be wrong.',

  'table.position': '#',
  'table.device': 'device',
  'table.begin': 'begin',
  'table.end': 'end',
  'table.duration': 'duration',
  'table.leaveReason': 'left because',
  'table.unknownCode': 'unknown code',
};
