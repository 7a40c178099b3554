/** A file of the page: `name` relative to its folder, with slashes. */
export interface BuiltFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Builds the page in memory: see build.js. */
export function buildViewer(): Promise<BuiltFile[]>;
