import { execFileSync } from 'node:child_process';
import {
  closeSync,
  constants,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openDestination, type Destination } from '../../src/observability/destination.js';
import { eventually } from '../cache/redis/support/eventually.js';

/** Long enough for anything that ends at all. Unit: ms. */
const LONG_MS = 20_000;
/** What a pipe holds on Linux. Unit: bytes. */
const PIPE_BYTES = 65_536;

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'call-trace-logs-'));
  file = join(folder, 'audit.log');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A named pipe, and its reader, which reads when it is told to. */
function openPipe() {
  const path = join(folder, 'pipe');
  execFileSync('mkfifo', [path]);
  const open = (): number => openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  let descriptor = open();
  const chunk = Buffer.alloc(PIPE_BYTES);
  return {
    path,
    /** What is in the pipe now. */
    read(): string {
      try {
        return chunk.toString('utf8', 0, readSync(descriptor, chunk));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return '';
        throw error;
      }
    },
    leave: () => closeSync(descriptor),
    comeBack: () => void (descriptor = open()),
  };
}

/** What a destination tells of itself, in order. */
function changesOf(destination: Destination): (string | null)[] {
  const changes: (string | null)[] = [];
  destination.watch((_, reason) => void changes.push(reason));
  return changes;
}

describe('a destination that is a file', () => {
  it('is appended to, and is for its owner alone', async () => {
    for (const line of ['one\n', 'two\n']) {
      const destination = openDestination(file);
      destination.write(line);
      await destination.flush(LONG_MS);
    }
    expect(readFileSync(file, 'utf8')).toBe('one\ntwo\n');
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('has what nobody flushes', async () => {
    openDestination(file).write('one\n');
    await eventually('the line is written', () => readFileSync(file, 'utf8') === 'one\n');
  });

  it.each([0, 1, 5_000, 50_000])('loses nothing of a flood of %d lines, and keeps their order', async (count) => {
    const destination = openDestination(file);
    const lines = Array.from({ length: count }, (_, n) => `line ${n} – ü\n`);
    for (const line of lines) destination.write(line);
    await destination.flush(LONG_MS);
    expect(readFileSync(file, 'utf8')).toBe(lines.join(''));
    expect(destination).toMatchObject({ writable: true, dropped: 0 });
  });

  it('cannot be opened where there is no such folder', () => {
    expect(() => openDestination(join(folder, 'no', 'such', 'folder'))).toThrow('ENOENT');
  });

  it('is opened anew under its name, and nothing is lost on the way', async () => {
    const destination = openDestination(file);
    const lines = Array.from({ length: 3_000 }, (_, n) => `line ${n}\n`);
    for (const [n, line] of lines.entries()) {
      destination.write(line);
      if (n !== 1_500) continue;
      renameSync(file, `${file}.1`);
      destination.reopen();
    }
    await eventually('lines are in the new file', async () => {
      const line = `line ${lines.length}\n`;
      lines.push(line);
      destination.write(line);
      await destination.flush(LONG_MS);
      return existsSync(file) && readFileSync(file, 'utf8').endsWith(line);
    });
    expect(readFileSync(`${file}.1`, 'utf8') + readFileSync(file, 'utf8')).toBe(lines.join(''));
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('is not writable while its path leads to no file, and writes on where it was', async () => {
    const moved = join(folder, 'moved.log');
    const destination = openDestination(file);
    const changes = changesOf(destination);
    destination.write('one\n');
    await destination.flush(LONG_MS);
    renameSync(file, moved);
    execFileSync('mkdir', [file]);
    destination.write('two\n');
    for (let times = 0; times < 20; times += 1) destination.reopen();
    await eventually('it is known', () => !destination.writable);
    await destination.flush(LONG_MS);
    expect(readFileSync(moved, 'utf8')).toBe('one\ntwo\n');
    expect(changes).toEqual(['EISDIR']);
    execFileSync('rmdir', [file]);
    await eventually('it is writable, without reopen', () => destination.writable);
    destination.write('three\n');
    await destination.flush(LONG_MS);
    expect(readFileSync(file, 'utf8')).toBe('three\n');
    expect(changes).toEqual(['EISDIR', null]);
    destination.close();
  });

  it('drops what comes after it was closed, and does not come back', async () => {
    const destination = openDestination(file);
    destination.write('one\n');
    destination.close();
    await destination.flush(LONG_MS);
    destination.write('two\n');
    expect(readFileSync(file, 'utf8')).toBe('one\n');
    expect(destination.dropped).toBe(1);
    rmSync(file);
    destination.reopen();
    await destination.flush(LONG_MS);
    expect(() => statSync(file)).toThrow('ENOENT');
  });
});

describe('a destination on a full disk', () => {
  it('is not writable, says why, and drops what goes beyond its bound', async () => {
    const destination = openDestination('/dev/full', 10_000);
    const changes = changesOf(destination);
    destination.write(`${'x'.repeat(1_000)}\n`);
    await eventually('it has failed', () => !destination.writable);
    expect(changes).toEqual(['ENOSPC']);
    for (let line = 0; line < 20; line += 1) destination.write(`${'x'.repeat(1_000)}\n`);
    expect(destination.dropped).toBe(12); // nine of 1,001 bytes fit
    expect(destination.writable).toBe(false);
  });

  it('holds nobody up who flushes it', async () => {
    const destination = openDestination('/dev/full');
    destination.write('one\n');
    await expect(destination.flush(200)).resolves.toBeUndefined();
  });
});

describe('a destination that is a pipe', () => {
  it('cannot be opened without a reader, and does not wait for one', () => {
    const pipe = openPipe();
    pipe.leave();
    expect(() => openDestination(pipe.path)).toThrow('ENXIO');
  });

  it('waits for a reader that stalls within its bound, holds nobody up, and catches up', async () => {
    const pipe = openPipe();
    const destination = openDestination(pipe.path, 100_000);
    const changes = changesOf(destination);
    const line = `${'x'.repeat(999)}\n`;
    for (let count = 0; count < 40; count += 1) destination.write(line);
    await destination.flush(LONG_MS); // the pipe holds it
    expect(changes).toEqual([]);
    for (let count = 0; count < 160; count += 1) destination.write(line);
    expect(changes).toEqual(['BACKLOG']);
    expect(destination.dropped).toBe(60);
    await expect(destination.flush(50)).resolves.toBeUndefined();

    let read = '';
    await eventually('all is read', () => {
      read += pipe.read();
      return read.length === 140_000;
    });
    expect(read).toBe(line.repeat(140));
    await eventually('it is writable again', () => destination.writable);
    expect(changes).toEqual(['BACKLOG', null]);
  });

  it('keeps what its reader missed who left', async () => {
    const pipe = openPipe();
    const destination = openDestination(pipe.path);
    const changes = changesOf(destination);
    pipe.leave();
    destination.write('one\n');
    await eventually('it has failed', () => !destination.writable);
    destination.reopen(); // harmless
    pipe.comeBack();
    let read = '';
    await eventually('it is read', () => (read += pipe.read()) === 'one\n');
    await eventually('it is writable again', () => destination.writable);
    expect(changes).toEqual(['EPIPE', null]);
  });
});
