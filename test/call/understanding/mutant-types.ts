import { join } from 'node:path';
import ts from 'typescript';
import { mutatedText, type LineMutation } from './mutations.js';

/**
 * Returns the function that tells whether the derivation compiles with a mutation. The types of other files are checked
 * only where the mutated file declares something else than before.
 */
export function createTypeCheck(root: string): (mutation: LineMutation) => boolean {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path)) as {
    config: unknown;
  };
  const { options, fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const derivation = fileNames.filter((name) => name.startsWith(join(root, 'src/call')));
  const mutated = new Map<string, { readonly text: string; readonly version: number }>();
  let version = 0;
  const service = ts.createLanguageService({
    fileExists: (path) => ts.sys.fileExists(path),
    readFile: (path) => ts.sys.readFile(path),
    directoryExists: (path) => ts.sys.directoryExists(path),
    useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
    getCompilationSettings: () => options,
    getScriptFileNames: () => derivation,
    getScriptVersion: (name) => String(mutated.get(name)?.version ?? 0),
    getScriptSnapshot: (name) => {
      const text = mutated.get(name)?.text ?? ts.sys.readFile(name);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => root,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
  });
  const declares = (path: string): string => service.getEmitOutput(path, true, true).outputFiles[0]?.text ?? '';
  const isSound = (path: string): boolean =>
    service.getSyntacticDiagnostics(path).length + service.getSemanticDiagnostics(path).length === 0;
  return (mutation) => {
    const path = join(root, mutation.file);
    mutated.clear();
    const declaredBefore = declares(path);
    mutated.set(path, { text: mutatedText(root, mutation), version: ++version });
    return isSound(path) && (declares(path) === declaredBefore || derivation.every(isSound));
  };
}
