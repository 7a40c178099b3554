/** Runs `work` while the garbage collector runs every few ms, so that what nobody holds on to is lost. */
export async function withGarbageCollection<T>(work: () => Promise<T>): Promise<T> {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error('The tests need node --expose-gc');
  const collecting = setInterval(() => {
    gc();
  }, 3);
  try {
    return await work();
  } finally {
    clearInterval(collecting);
  }
}
