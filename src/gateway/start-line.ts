import type { BuildInfo } from './build-info.js';
import type { Config } from '../config/gateway-config.js';

/** The fields of the first line of the log. */
export interface StartLine extends BuildInfo {
  /** The value of AUTH_MODE. */
  readonly authMode: string;
  /** The address of Redis without user and password, or `none: memory only`. */
  readonly redis: string;
  readonly contactCentre: readonly string[];
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
}

/** Returns the settings that a gateway starts with, without secrets, so that a forgotten setting shows at once. */
export function startLineOf({ authentication, redis, upstream, server }: Config, build: BuildInfo): StartLine {
  return {
    ...build,
    authMode: authModeOf(authentication),
    redis: redis === null ? 'none: memory only' : redis.url.replace(/\/\/[^@/]*@/, '//'),
    contactCentre: upstream.baseUrls,
    host: server.host,
    port: server.port,
  };
}

function authModeOf(authentication: Config['authentication']): string {
  if (authentication.kind === 'none') return 'none';
  if (authentication.tokens === null) return 'api-key';
  return authentication.apiKeys === null ? 'jwt' : 'both';
}
