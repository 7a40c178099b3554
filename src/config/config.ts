import type { z } from 'zod';
import { parseApiKeys } from '../access/api-keys.js';
import { parsePem } from '../access/token-keys.js';
import { createWatchedFile, type AccessLog } from '../access/watched-file.js';
import { authContradictions, authenticationOf } from './auth-config.js';
import { parseManifest, parseMeanings } from './file-settings.js';
import { configOf } from './from-settings.js';
import type { Config } from './gateway-config.js';
import { isServiceLink, misspeltSettings } from './setting-names.js';
import { isSendable } from './setting-values.js';
import { SECRETS, SETTINGS } from './settings.js';
import { tlsProblems } from './tls-files.js';
import { collectorFileNames, judgedVariables, tracedBy, tracingOf, tracingProblems } from './tracing-config.js';
import { registeredAgent } from '../tracing/agent.js';
import { upstreamContradictions } from './upstream-config.js';
import type { Secret } from '../upstream/signature.js';

/** The configuration is invalid. The message names every variable to correct, never a value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Returns the configuration of an environment. `readFile` returns the text of a file; later changes of files are logged to
 * `log`. `checkAppendable` throws if a file cannot be appended to. `hasAgent`: an agent of OpenTelemetry runs in this process.
 * Throws ConfigError that names every problem.
 */
export function loadConfig(
  env: Readonly<Record<string, string | undefined>>,
  readFile: (path: string) => string,
  now: () => number = Date.now,
  log: AccessLog = { info: () => undefined, warn: () => undefined },
  checkAppendable: (path: string) => void = () => undefined,
  hasAgent: boolean = registeredAgent() !== null,
): Config {
  const problems: string[] = [];
  const tryFile = <T>(name: string, verb: string, use: () => T): T | undefined => {
    try {
      return use();
    } catch (error) {
      const { code = 'unknown error' } = error as NodeJS.ErrnoException;
      problems.push(`${name} names a file that cannot be ${verb} (${code})`);
      return undefined;
    }
  };
  const file = (name: string, path: string): string | undefined => tryFile(name, 'read', () => readFile(path));

  const variables: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && value.trim() !== '' && !isServiceLink(name, value)) variables[name] = value;
  }
  problems.push(...misspeltSettings(Object.keys(variables)));
  const unreadable = new Set<string>();
  for (const name of SECRETS) {
    const path = variables[`${name}_FILE`];
    if (path === undefined) continue;
    if (variables[name] !== undefined) problems.push(`${name} and ${name}_FILE exclude each other; give one of them`);
    const text = file(`${name}_FILE`, path);
    if (text === undefined) unreadable.add(name);
    else if (text.trim() !== '') variables[name] = text.trim();
  }

  const by = tracedBy(variables, hasAgent);
  const result = SETTINGS.safeParse(judgedVariables(variables, by));
  for (const issue of result.error?.issues ?? []) {
    const name = String(issue.path[0]);
    if (!unreadable.has(name)) problems.push(`${name} ${sentence(issue)}`);
  }
  const fileOf = (name: string): string | undefined =>
    variables[name] === undefined ? undefined : file(name, variables[name]);
  const check = (name: string, parse: (text: string) => unknown): void => {
    const text = fileOf(name);
    try {
      if (text !== undefined) parse(text);
    } catch (error) {
      problems.push(`${name} ${(error as Error).message}`);
    }
  };
  const ofCollector = (what: keyof ReturnType<typeof collectorFileNames>): string | undefined =>
    by === 'own' ? fileOf(collectorFileNames((name) => variables[name] !== undefined)[what]) : undefined;
  const collector = { ca: ofCollector('ca'), cert: ofCollector('cert'), key: ofCollector('key') };
  const files = {
    cmsCa: fileOf('CMS_CA_FILE'),
    cmsCert: fileOf('CMS_CERT_FILE'),
    cmsKey: fileOf('CMS_KEY_FILE'),
    redisCa: fileOf('REDIS_CA_FILE'),
    meanings: parseMeanings(fileOf('CODES_FILE'), problems),
    manifest: parseManifest(fileOf('TRUSTED_DOCUMENTS_FILE'), problems),
  };
  problems.push(...tlsProblems(files, now()));
  if (by === 'own') problems.push(...tracingProblems(variables, collector, now()));
  check('AUTH_PUBLIC_KEY_FILE', parsePem);
  check('API_KEYS_FILE', parseApiKeys);
  const auditFile = variables['AUDIT_LOG_FILE'];
  if (auditFile !== undefined) tryFile('AUDIT_LOG_FILE', 'written', () => checkAppendable(auditFile));
  problems.push(...contradictions(variables, unreadable));
  if (problems.length > 0 || !result.data) {
    throw new ConfigError(
      `The configuration cannot be used:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`,
    );
  }
  const readerOf = (name: string) => () => readFile(variables[name] ?? '');
  const secretOf = (name: string): Secret => {
    const first = variables[name] ?? '';
    const setting = `${name}_FILE`;
    if (variables[setting] === undefined) return () => first;
    const rules = { parse: parseSecret, maxStaleMs: null, log, now };
    const file = createWatchedFile({ name: setting, read: readerOf(setting), ...rules });
    return () => file.value() ?? first;
  };
  return freezeDeep({
    ...configOf(result.data, files, secretOf),
    authentication: authenticationOf(result.data, readerOf),
    tracing: tracingOf(result.data, by, collector),
  });
}

/** Returns a sentence for each variable that is missing or contradicts another. */
function contradictions(variables: Readonly<Record<string, string>>, unreadable: ReadonlySet<string>): string[] {
  const has = (name: string): boolean => variables[name] !== undefined || unreadable.has(name);
  const required = (name: string, what: string): string[] => (has(name) ? [] : [`${name} is missing: ${what}`]);
  return [
    ...upstreamContradictions(variables, has, required),
    ...((variables['TRUSTED_DOCUMENTS'] ?? 'off') === 'off'
      ? []
      : required('TRUSTED_DOCUMENTS_FILE', 'the documents that TRUSTED_DOCUMENTS tells from others')),
    ...authContradictions(variables, required),
  ];
}

/** Returns the secret in a file that has changed. Throws if a header cannot hold it. */
function parseSecret(text: string): string {
  if (isSendable(text)) return text;
  throw new Error('holds what cannot be sent');
}

function sentence(issue: z.core.$ZodIssue): string {
  return issue.code === 'invalid_value' ? `must be one of ${issue.values.map(String).join(', ')}` : issue.message;
}

function freezeDeep<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value) && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(freezeDeep);
  }
  return value;
}
