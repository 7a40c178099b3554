declare const CALL_TRACE_VERSION: string | undefined;

/** The version in package.json, which the build puts in; `development` where the sources run. */
export const VERSION = typeof CALL_TRACE_VERSION === 'undefined' ? 'development' : CALL_TRACE_VERSION;

/** How the program names itself to the gateway. */
export const USER_AGENT = `call-trace/${VERSION}`;
