/** Which gateways are heard on the invalidation channel, and how many invalidations of each. */
export type SenderTable = ReturnType<typeof createSenderTable>;

/** Returns a table without senders. `maxSilenceMs`, and `monotonic` in ms. */
export function createSenderTable(maxSilenceMs: number, monotonic: () => number) {
  const senders = new Map<string, { readonly count: number; readonly heardAt: number }>();
  return {
    /**
     * To be called for each message of a sender, which has published `before` invalidations before it and `count` with
     * it. Returns whether some of them were missed. An unknown sender should have published none before.
     */
    heard(sender: string, before: number, count: number): boolean {
      const heardBefore = senders.get(sender)?.count ?? 0;
      senders.set(sender, { count: Math.max(heardBefore, count), heardAt: monotonic() });
      return before > heardBefore;
    },
    /** The sender has said goodbye: from now on its silence means nothing. */
    left: (sender: string) => void senders.delete(sender),
    /** Forgets the senders that were silent for too long, and returns them. Their last messages may have been missed. */
    dropSilent(): readonly string[] {
      const silent = [...senders].filter(([, { heardAt }]) => monotonic() - heardAt >= maxSilenceMs);
      for (const [sender] of silent) senders.delete(sender);
      return silent.map(([sender]) => sender);
    },
  };
}
