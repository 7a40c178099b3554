import type { CallEnding, CallUnderstanding, Transfer } from '../understanding.js';
import { sentenceOf } from './messages.js';
import type { Telling } from './telling.js';
import { durationText, whenText } from './times.js';

/** Returns a call in one line: what it came to, who ended it and in which phase, and when it was. */
export function headlineOf(telling: Telling): string {
  const { say, clock, understanding } = telling;
  const isOpen = understanding.verdict === 'IN_PROGRESS';
  const clauses = [verdictText(telling), handoverText(telling), isOpen ? nowText(telling) : endingText(telling)];
  const when = whenText(say, clock, understanding.startedAt, understanding.until, isOpen);
  return sentenceOf(say('headline', { what: clauses.join(''), when: sentenceOf(when) }));
}

function verdictText(telling: Telling): string {
  const { say, names, understanding } = telling;
  const { verdict, answered } = understanding;
  const last = lastLegs(understanding);
  const text =
    verdict === 'ANSWERED'
      ? answerText(telling)
      : say(`verdict.${verdict}`, {
          customer: names.customer,
          answered: yesOrNo(answered),
          answer: answered ? answerText(telling) : '',
          reached: yesOrNo(understanding.customerReached === true),
          reason: understanding.verdictReason ?? 'NONE',
          agent: names.agents(last),
          queues: names.queues(last),
          waited: durationText(say, understanding.abandoned?.waitedMs ?? 0),
        });
  return markUncertain(telling, text, understanding.confidence);
}

function answerText({ say, names, understanding }: Telling): string {
  const { answeredBy, answeredLeg, timeToAnswerMs } = understanding;
  return say('verdict.ANSWERED', {
    customer: names.customer,
    direction: understanding.direction ?? 'UNKNOWN',
    callback: yesOrNo(understanding.callback),
    by: answeredLeg !== null && names.kind(answeredLeg) === 'AGENT' ? 'AGENT' : 'UNKNOWN',
    agent: names.agent(answeredBy),
    hasWait: yesOrNo(timeToAnswerMs !== null),
    waited: durationText(say, timeToAnswerMs ?? 0),
  });
}

function handoverText({ say, names, understanding }: Telling): string {
  const { transfers, answeredBy, direction } = understanding;
  const last = transfers.at(-1);
  if (last === undefined) return '';
  return say('handover', {
    form: transfers.length > 1 ? (last.completed === true ? 'MANY' : 'MANY_OPEN') : handoverForm(last),
    // "answered by agent 1, who …"
    own: yesOrNo(answeredBy !== null && last.by === answeredBy && direction !== 'OUTBOUND'),
    by: names.agent(last.by),
    to: names.agent(last.answeredBy),
    count: transfers.length,
  });
}

function handoverForm({ completed, to }: Transfer): string {
  if (completed === null) return to === null ? 'LOST' : 'OPEN';
  return completed ? 'DONE' : 'NOT_ANSWERED';
}

/** Whether no record tells what followed a transfer. */
function isLost(transfer: Transfer | undefined): boolean {
  return transfer !== undefined && handoverForm(transfer) === 'LOST';
}

function endingText(telling: Telling): string {
  const { say, names, understanding } = telling;
  const { ending, abandoned, verdict } = understanding;
  if (ending === null || (abandoned !== null && verdict.startsWith('ABANDONED'))) return '';
  if (ending.at === null && isLost(understanding.transfers.at(-1))) return '';
  const last = lastLegs(understanding);
  const text =
    abandoned === null
      ? say('ending', {
          customer: names.customer,
          agent: names.agent(ending.agentId),
          party: ending.party,
          where: say('ending.where', { phase: ending.phase }),
          how: howOf(understanding, ending),
        })
      : say('ending.abandoned', {
          customer: names.customer,
          agent: names.agents(last),
          queues: names.queues(last),
          phase: abandoned.phase,
          waited: durationText(say, abandoned.waitedMs),
        });
  return ending.party === 'UNKNOWN' ? text : markUncertain(telling, text, ending.confidence);
}

/** How a call ended, unless the reason of the verdict has told it. */
function howOf({ verdictReason }: CallUnderstanding, { at, how }: CallEnding): string {
  if (at === null) return 'NOT_RECORDED';
  return verdictReason === null ? how : 'NORMAL';
}

function nowText({ say, names, understanding }: Telling): string {
  const last = lastLegs(understanding);
  return say('now', {
    customer: names.customer,
    answered: yesOrNo(understanding.answered),
    phase: understanding.phaseNow ?? 'UNKNOWN',
    agent: names.agents(last),
    queues: names.queues(last),
  });
}

function markUncertain({ say }: Telling, statement: string, confidence: CallUnderstanding['confidence']): string {
  return confidence === 'LOW' ? say('uncertain', { statement }) : statement;
}

/** The legs at which the customer was last. */
function lastLegs({ timeline }: CallUnderstanding): readonly number[] {
  return timeline.at(-1)?.legs ?? [];
}

function yesOrNo(value: boolean): 'yes' | 'no' {
  return value ? 'yes' : 'no';
}
