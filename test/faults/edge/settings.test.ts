import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { createApiKey } from '../../../src/access/new-api-key.js';
import { startGatewayProcess } from '../../support/gateway-process.js';
import { environmentFor } from '../../support/gateway.js';

describe('a start with settings that cannot work', () => {
  const folder = mkdtempSync(join(tmpdir(), 'call-trace-settings-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('names all of them: short names, grants that match no call, an audit file that cannot be opened', async () => {
    const keys = join(folder, 'keys.json');
    const { entry } = createApiKey({ name: 'one', vdns: '1/170' }, Date.now);
    writeFileSync(keys, JSON.stringify([{ ...entry, vdns: ['01/170'] }]));
    const started = await startGatewayProcess({
      ...environmentFor({ url: 'http://127.0.0.1:9' }),
      AUTH_MODE: 'api-key',
      ANONYMOUS_SCOPES: '',
      API_KEYS_FILE: keys,
      AUDIT_LOG_FILE: join(folder, 'no', 'folder'),
      MAX_BODY: '1',
      DRAIN: '1',
    }).catch((error: unknown) => error as Error);
    if (!(started instanceof Error)) {
      await started.kill();
      throw new Error('it started');
    }
    expect(started.message).toContain('MAX_BODY is no setting; did you mean MAX_BODY_KIB?');
    expect(started.message).toContain('DRAIN is no setting');
    expect(started.message).toMatch(
      /API_KEYS_FILE must be corrected at entry 0: vdns must be .* without leading zeros/,
    );
    expect(started.message).toContain('AUDIT_LOG_FILE names a file that cannot be written (ENOENT)');
  });
});
