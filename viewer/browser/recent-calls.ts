import { keptInBrowser } from './storage.js';

/** A call that was looked at. */
export interface RecentCall {
  readonly vdn: number;
  readonly callId: string;
  readonly month: string | null;
}

/** The calls that were last looked at in this browser: their names alone. */
export interface RecentCalls {
  /** The latest first. */
  list(): readonly RecentCall[];
  add(call: RecentCall): void;
  clear(): void;
}

const MOST = 12;

/** Returns the list; `isOn: false`: it is empty and stays so, and what was kept before is removed. */
export function createRecentCalls(isOn: boolean): RecentCalls {
  const kept = keptInBrowser('call-trace:recent');
  if (!isOn) kept.write(null);
  const list = (): readonly RecentCall[] => (isOn ? parsed(kept.read()) : []);
  return {
    list,
    add({ vdn, callId, month }) {
      if (!isOn) return;
      const others = list().filter((one) => one.vdn !== vdn || one.callId !== callId || one.month !== month);
      kept.write(JSON.stringify([{ vdn, callId, month }, ...others].slice(0, MOST)));
    },
    clear: () => kept.write(null),
  };
}

function parsed(text: string | null): RecentCall[] {
  try {
    const value: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(value) ? value.filter(isRecentCall) : [];
  } catch {
    return [];
  }
}

function isRecentCall(value: unknown): value is RecentCall {
  const { vdn, callId, month } = (value ?? {}) as Record<string, unknown>;
  return typeof vdn === 'number' && typeof callId === 'string' && (month === null || typeof month === 'string');
}
