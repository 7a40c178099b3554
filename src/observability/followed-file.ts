import { closeSync, constants, fstatSync, open, openSync, statSync, type BigIntStats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';

/** A file that is opened by its path, and opened again when the path leads to another file. */
export interface FollowedFile {
  /** The descriptor of the first file. */
  readonly descriptor: number;
  /** Compares path and open file now. */
  check(): void;
  /** Ends the checks. The descriptors stay open. */
  stop(): void;
}

export interface FollowedFileListeners {
  /** Receives the descriptor of the file to which the path leads now; the receiver closes it. */
  readonly onOpen: (descriptor: number) => void;
  /** Receives the result of each check: a code of Node such as `ENOENT` if the path cannot be opened; null: the open file is the right one. */
  readonly onCheck: (problem: string | null) => void;
}

/** Pause between two checks. Lines written to a file after it was deleted are lost, so it bounds that loss. Unit: ms. */
const CHECK_MS = 1_000;
/** Only the owner may read a created file. */
const FILE_MODE = 0o600;
/** Non-blocking, so that opening and writing a pipe fail instead of waiting: a thread that waits for a reader keeps a process from ending. */
const FLAGS = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK;

const openDescriptor = promisify(open);

/**
 * Opens a file (created with mode 0600) or named pipe for appending, and follows its path from then on: log rotation
 * renames files, operators delete them, and a folder may come back only later. Throws the error of opening it: a named
 * pipe without a reader is `ENXIO`.
 */
export function followFile(path: string, { onOpen, onCheck }: FollowedFileListeners): FollowedFile {
  const descriptor = openSync(path, FLAGS, FILE_MODE);
  let identity = identityOf(fstatSync(descriptor, { bigint: true }));
  let isDue = false;
  let isChecking = false;
  let isStopped = false;
  const check = (): void => {
    if (isStopped) return;
    isDue = true;
    if (!isChecking) void checkWhileDue();
  };
  const timer = setInterval(check, CHECK_MS).unref();

  return {
    descriptor,
    check,
    stop() {
      isStopped = true;
      clearInterval(timer);
    },
  };

  async function checkWhileDue(): Promise<void> {
    isChecking = true;
    while (isDue) {
      isDue = false;
      const problem = await openIfMoved().catch(
        (error: unknown) => (error as NodeJS.ErrnoException).code ?? String(error),
      );
      if (!isStopped) onCheck(problem);
    }
    isChecking = false;
  }

  async function openIfMoved(): Promise<null> {
    const found = await stat(path, { bigint: true }).catch(() => null); // `open` below tells why
    if (found && identityOf(found) === identity) return null;
    const opened = await openDescriptor(path, FLAGS, FILE_MODE);
    if (isStopped) closeSync(opened);
    else {
      onOpen(opened);
      identity = identityOf(fstatSync(opened, { bigint: true }));
    }
    return null;
  }
}

/** Returns a text that no two open files share. */
function identityOf({ dev, ino }: BigIntStats): string {
  return `${dev}:${ino}`;
}

/** Throws the error that `followFile` would throw. A named pipe is not opened: its reader would see its end. */
export function checkFollowable(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isFIFO()) return;
  closeSync(openSync(path, FLAGS, FILE_MODE));
}
