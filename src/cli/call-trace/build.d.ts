/** Builds the command line into a file; returns the files that it is made of, relative to the repository. See build.js. */
export function buildCallTrace(outfile: string): Promise<string[]>;
