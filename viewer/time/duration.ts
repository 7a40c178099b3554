import type { Language } from '../texts/catalogue.js';

/** A duration, to the second as clocks show it: `14 s`, `3:59`, `1:02:03`. What is below a second: `0.4 s`. Unit: ms. */
export function durationText(ms: number, language: Language): string {
  const unit = language === 'zh' ? '秒' : 's';
  const seconds = Math.round(ms / 1000);
  if (ms > 0 && ms < 1000) return `${(Math.max(ms, 100) / 1000).toFixed(1)} ${unit}`;
  return seconds < 60 ? `${seconds} ${unit}` : clockText(seconds);
}

/** Signed offset from a reference time: `+0:10`, before it `−0:10`. Unit: ms. */
export function offsetText(ms: number): string {
  return `${ms < 0 ? '−' : '+'}${clockText(Math.round(Math.abs(ms) / 1000))}`;
}

function clockText(all: number): string {
  const hours = Math.floor(all / 3_600);
  const minutes = Math.floor(all / 60) % 60;
  const seconds = String(all % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${seconds}` : `${minutes}:${seconds}`;
}
