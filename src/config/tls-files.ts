import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';

/** The texts of the TLS files; undefined if a file is not set or could not be read. */
export interface TlsFiles {
  readonly cmsCa: string | undefined;
  readonly cmsCert: string | undefined;
  readonly cmsKey: string | undefined;
  readonly redisCa: string | undefined;
}

const CERTIFICATE = /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[^-]*-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g;

/**
 * Returns a sentence for each invalid TLS file, so that it is reported at the start and not at the first request. `now`: ms
 * since 1970-01-01 UTC.
 */
export function tlsProblems({ cmsCa, cmsCert, cmsKey, redisCa }: TlsFiles, now: number): string[] {
  const ofCms = { ca: 'CMS_CA_FILE', cert: 'CMS_CERT_FILE', key: 'CMS_KEY_FILE' };
  return [
    ...partyProblems(ofCms, { ca: cmsCa, cert: cmsCert, key: cmsKey }, now),
    ...partyProblems({ ...ofCms, ca: 'REDIS_CA_FILE' }, { ca: redisCa, cert: undefined, key: undefined }, now),
  ];
}

/** What one party needs: its authority, and our certificate with its key. */
type Party<T> = Readonly<Record<'ca' | 'cert' | 'key', T>>;

/** Returns a sentence for each invalid TLS file of one party. `names`: of the settings that name the files. `now`: see `tlsProblems`. */
export function partyProblems(names: Party<string>, texts: Party<string | undefined>, now: number): string[] {
  const problems: string[] = [];
  const check = <T>(what: keyof Party<unknown>, parse: (text: string) => T): T | null => {
    const text = texts[what];
    try {
      return text === undefined ? null : parse(text);
    } catch (error) {
      problems.push(`${names[what]} ${(error as Error).message}`);
      return null;
    }
  };
  check('ca', (text) => checkAuthorities(text, now));
  const certificate = check('cert', (text) => parseClientCertificate(text, now));
  const key = check('key', parsePrivateKey);
  if (certificate && key && !certificate.checkPrivateKey(key)) {
    problems.push(`${names.key} must hold the key of the certificate in ${names.cert}: this one is of another`);
  }
  return problems;
}

/** Throws unless at least one certificate is valid now: a bundle may still hold an expired authority. */
function checkAuthorities(text: string, now: number): void {
  const [first, ...others] = parseCertificates(text);
  if (first && [first, ...others].every((certificate) => validityProblem(certificate, now) !== null)) {
    throw new Error(`must hold a certificate that is valid now: ${validityProblem(first, now) ?? ''}`);
  }
}

/** Returns the client certificate, the first of its chain. */
function parseClientCertificate(text: string, now: number): X509Certificate | null {
  const [certificate] = parseCertificates(text);
  const problem = certificate ? validityProblem(certificate, now) : null;
  if (problem !== null) throw new Error(`must hold a certificate that is valid now: ${problem}`);
  return certificate ?? null;
}

function parseCertificates(text: string): X509Certificate[] {
  const blocks = text.match(CERTIFICATE);
  if (!blocks)
    throw new Error(`must hold certificates (PEM), which begin with -----BEGIN CERTIFICATE-----${foundIn(text)}`);
  return blocks.map((block, index) => {
    try {
      return new X509Certificate(block);
    } catch (cause) {
      throw new Error(`must hold certificates (PEM): number ${index + 1} cannot be read`, { cause });
    }
  });
}

function parsePrivateKey(text: string): KeyObject {
  if (!text.includes('PRIVATE KEY-----')) {
    throw new Error(`must hold a private key (PEM), which begins with -----BEGIN PRIVATE KEY-----${foundIn(text)}`);
  }
  if (text.includes('ENCRYPTED')) {
    throw new Error('must hold a private key that is not encrypted: there is no setting for its password');
  }
  try {
    return createPrivateKey(text);
  } catch (cause) {
    throw new Error('must hold a private key (PEM): it cannot be read', { cause });
  }
}

/** Returns what an invalid file seems to hold instead. DER begins with 0x30, the digit 0, and is not text. */
function foundIn(text: string): string {
  if (text.startsWith('0') && (text.includes('\0') || text.includes('\ufffd')))
    return '; this looks like DER: convert it with openssl';
  const label = /-----BEGIN ([A-Z0-9 ]+)-----/.exec(text)?.[1];
  return label === undefined ? '' : `; it holds a ${label}`;
}

function validityProblem({ validFrom, validTo, subject }: X509Certificate, now: number): string | null {
  const name = subject.replaceAll('\n', ', ');
  if (Date.parse(validTo) <= now) return `that of ${name} expired on ${isoDate(validTo)}`;
  if (Date.parse(validFrom) > now) return `that of ${name} is not valid before ${isoDate(validFrom)}`;
  return null;
}

function isoDate(text: string): string {
  return new Date(text).toISOString().slice(0, 10);
}
