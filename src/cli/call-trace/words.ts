/** The languages of the program's own words. */
export type Language = 'en' | 'zh';

/*
 * The words beside the picture. What happened is told by the gateway, in its narrative; here are the labels of rows and
 * durations alone, in the words that the narrative uses.
 */
export interface Words {
  readonly call: string;
  /** By role of a participant. */
  readonly roles: Readonly<Record<string, string>>;
  /** What an agent was to another one, by kind of link. */
  readonly asked: Readonly<Record<string, string>>;
  /** By state of the timeline; and CONSULTED, LISTENED for agents without the customer. */
  readonly states: Readonly<Record<string, string>>;
  /** Who ended the call, by party; at the row of whom it is. */
  readonly ended: Readonly<Record<string, string>>;
  readonly anAgent: string;
  readonly noTimes: string;
  readonly noEnd: string;
  readonly seconds: (seconds: number) => string;
  readonly warnings: string;
  readonly legs: (positions: readonly number[]) => string;
  readonly stale: string;
}

const EN: Words = {
  call: 'Call',
  roles: {
    AGENT: 'agent',
    CONSULTANT: 'agent',
    MONITOR: 'monitor',
    QUEUE: 'queue',
    IVR: 'menu',
    ROUTER: 'router',
    CONFERENCE: 'conference',
    OUTSIDE: 'outside party',
    UNKNOWN: 'unknown device',
  },
  asked: { CONSULT: 'consult', HELP: 'help' },
  states: {
    CONFERENCE: 'conference',
    TALKING: 'talk',
    OUTSIDE: 'outside',
    HOLD: 'hold',
    RINGING: 'ring',
    QUEUE: 'wait',
    IVR: 'menu',
    ROUTING: 'routing',
    UNACCOUNTED: 'no record',
    CONSULTED: 'talk',
    LISTENED: 'listened',
  },
  ended: {
    CUSTOMER: 'the customer ended the call',
    AGENT: 'ended the call',
    SYSTEM: 'the system ended the call',
    UNKNOWN: 'the call ended',
  },
  anAgent: 'an agent',
  noTimes: 'no times recorded',
  noEnd: 'no end recorded',
  seconds: (seconds) => `${seconds} s`,
  warnings: 'Warnings about the records:',
  legs: (positions) => `${positions.length === 1 ? 'leg' : 'legs'} ${positions.join(', ')}`,
  stale: 'The contact centre could not be asked: this is the last it said, at',
};

const ZH: Words = {
  call: '呼叫',
  roles: {
    AGENT: '座席',
    CONSULTANT: '座席',
    MONITOR: '监听',
    QUEUE: '技能队列',
    IVR: '菜单',
    ROUTER: '路由设备',
    CONFERENCE: '会议',
    OUTSIDE: '外部一方',
    UNKNOWN: '未知设备',
  },
  asked: { CONSULT: '咨询', HELP: '求助' },
  states: {
    CONFERENCE: '会议',
    TALKING: '通话',
    OUTSIDE: '外部',
    HOLD: '保持',
    RINGING: '振铃',
    QUEUE: '排队',
    IVR: '菜单',
    ROUTING: '路由',
    UNACCOUNTED: '无记录',
    CONSULTED: '通话',
    LISTENED: '监听',
  },
  ended: { CUSTOMER: '客户挂断', AGENT: '挂断', SYSTEM: '系统结束', UNKNOWN: '呼叫结束' },
  anAgent: '座席',
  noTimes: '无时间记录',
  noEnd: '无结束记录',
  seconds: (seconds) => `${seconds} 秒`,
  warnings: '关于记录的警告：',
  legs: (positions) => `第 ${positions.join('、')} 段`,
  stale: '无法询问呼叫中心，以下为其最近一次的答复，时间：',
};

/** The words by language. */
export const WORDS: Readonly<Record<Language, Words>> = { en: EN, zh: ZH };

/** Returns a duration in few characters: `35 s`, `1:05`, `1:00:00`. Unit: ms. */
export function shortDuration(ms: number, { seconds }: Pick<Words, 'seconds'>): string {
  const all = Math.round(ms / 1000);
  return all < 60 ? seconds(all) : clockText(all);
}

/** Returns seconds as on a stopwatch: `0:35`, `1:05`, `1:00:00`. */
export function clockText(all: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(all / 3600);
  const minutes = Math.floor(all / 60) % 60;
  return `${hours > 0 ? `${hours}:${two(minutes)}` : minutes}:${two(all % 60)}`;
}
