/** Keeps a text in the browser. Where storage is off or full, nothing is kept, and nothing fails. */
export interface Kept {
  read(): string | null;
  /** Null: forgets it. */
  write(text: string | null): void;
}

/** Keeps it for this tab alone. */
export function keptForTab(name: string): Kept {
  return keptIn(() => sessionStorage, name);
}

/** Keeps it in this browser, for all tabs of this site. */
export function keptInBrowser(name: string): Kept {
  return keptIn(() => localStorage, name);
}

function keptIn(storage: () => Storage, name: string): Kept {
  return {
    read() {
      try {
        return storage().getItem(name);
      } catch {
        return null;
      }
    },
    write(text) {
      try {
        if (text === null) storage().removeItem(name);
        else storage().setItem(name, text);
      } catch {
        // The page works without.
      }
    },
  };
}
