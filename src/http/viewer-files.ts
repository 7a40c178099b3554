import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A file of the built page: `name` relative to its folder, with slashes. */
export interface ViewerFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Where `npm run build` puts the page: beside the bundle of the gateway. */
const FOLDER = new URL('./viewer/', import.meta.url);

/** Returns the files of the page as it was built. Rejects if it was not. */
export async function readViewerFiles(): Promise<ViewerFile[]> {
  const folder = fileURLToPath(FOLDER);
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const paths = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
    return await Promise.all(
      paths.map(async (path) => ({ name: relative(folder, path).split(sep).join('/'), bytes: await readFile(path) })),
    );
  } catch (error) {
    throw new Error(`VIEWER needs the page in ${folder}: \`npm run build\` makes it`, { cause: error });
  }
}
