import { ConfigError } from '../config/config.js';
import type { Config } from '../config/gateway-config.js';
import {
  createTrustedDocuments,
  manifestProblems,
  type ManifestEntry,
  type TrustedDocuments,
} from '../graphql/trusted-documents.js';

/**
 * Returns the documents of the manifest and those of this gateway's own page; undefined if every document is allowed.
 * Throws ConfigError naming each invalid document.
 */
export function trustedDocumentsOf(
  { mode, manifest }: Config['trustedDocuments'],
  own: readonly ManifestEntry[],
  schema: Parameters<typeof manifestProblems>[1],
): TrustedDocuments | undefined {
  if (mode === 'off') return undefined;
  const problems = manifestProblems(manifest, schema);
  if (problems.length > 0) {
    const lines = problems.map((problem) => `  - ${problem}`);
    throw new ConfigError(`TRUSTED_DOCUMENTS_FILE cannot be used:\n${lines.join('\n')}`);
  }
  return createTrustedDocuments([...manifest, ...own], mode === 'enforce');
}
