import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, platform, release, totalmem } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';

/** Cores for the server under test and for the load, as taskset takes them; null where nothing can be pinned. */
export interface Cores {
  readonly server: string;
  readonly load: string;
  /** Each core that may be used, alone. */
  readonly all: readonly string[];
}

const TICKS_PER_SECOND = 100;
const KIB = 1024;

/** The first core that this process may use for the server, the rest for the load. Moves this process to the latter. */
export function divideCores(): Cores | null {
  const allowed = /Cpus_allowed_list:\s+(\S+)/.exec(readProc('/proc/self/status') ?? '')?.[1] ?? '';
  const [server, ...rest] = allowed.split(',').flatMap(numbersOf);
  if (server === undefined || rest.length === 0 || !runs('taskset', ['--version'])) return null;
  const load = rest.join(',');
  execFileSync('taskset', ['-a', '-c', '-p', load, String(process.pid)], { stdio: 'ignore' });
  return { server: String(server), load, all: [server, ...rest].map(String) };
}

/** `0-3` or `5` as numbers. */
function numbersOf(range: string): number[] {
  const [first = NaN, last = first] = range.split('-').map(Number);
  return Number.isNaN(first) ? [] : Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/** What the run was made on, in one line. */
export function describeMachine(): string {
  const memory = (totalmem() / KIB ** 3).toFixed(0);
  return `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores, ${memory} GiB, ${platform()} ${release()}, Node ${process.version}`;
}

const OBSERVED_MS = 2_000;

/** Share of all cores that is busy, or held back by the host, while this bench does nothing: what else the machine does. */
export async function otherWork(): Promise<number> {
  const before = coreTimes();
  await pause(OBSERVED_MS);
  const after = coreTimes();
  return (after.busy - before.busy) / (after.all - before.all);
}

/** Time of all cores since the machine was started. Unit: ticks. */
export interface CoreTimes {
  readonly all: number;
  readonly busy: number;
  /** Time in which something was to run here and the host ran something else: of virtual machines alone. */
  readonly stolen: number;
}

/** What the system tells of its cores; where it does not, what node knows, which does not see what is stolen. */
export function coreTimes(): CoreTimes {
  const line = /^cpu +(.*)$/m.exec(readProc('/proc/stat') ?? '')?.[1];
  if (line !== undefined) {
    const [user = 0, nice = 0, system = 0, idle = 0, waiting = 0, irq = 0, softIrq = 0, stolen = 0] = line
      .split(' ')
      .map(Number);
    const busy = user + nice + system + irq + softIrq + stolen;
    return { all: busy + idle + waiting, busy, stolen };
  }
  const times = cpus().map((core) => core.times);
  const all = times.flatMap((time) => Object.values(time)).reduce((sum, part) => sum + part, 0);
  return { all, busy: all - times.reduce((sum, time) => sum + time.idle, 0), stolen: 0 };
}

/** Share of the time in which the cores were wanted, since a moment, that the host gave to others. */
export function stolenSince(before: CoreTimes): number {
  const now = coreTimes();
  return (now.stolen - before.stolen) / Math.max(1, now.busy - before.busy);
}

/** Processor time that a process has used, its threads included. Unit: s. Null where the system does not tell. */
export function cpuSeconds(pid: number): number | null {
  const stat = readProc(`/proc/${pid}/stat`);
  if (stat === null) return null;
  // The name in parentheses may hold spaces: count from behind it. Fields 14 and 15 are user and system time.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** Memory that a process holds (RSS). Unit: MiB. Null where the system does not tell. */
export function residentMib(pid: number): number | null {
  const kib = /VmRSS:\s+(\d+) kB/.exec(readProc(`/proc/${pid}/status`) ?? '')?.[1];
  return kib === undefined ? null : Number(kib) / KIB;
}

/** Whether a program is there and ends well. */
export function runs(program: string, args: readonly string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function readProc(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
