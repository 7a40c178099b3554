import { codes } from './code-row.js';

/** The same channels as the documents of 2023-10 to 2025-03 numbered them: 7 to 9 differ. */
export const LEGACY_SUB_MEDIA_TYPES = codes('pages cec_07_2634, cec_07_4248', [
  { code: 1, name: 'WEB', meaning: 'Web channel' },
  { code: 2, name: 'WHATSAPP', meaning: 'WhatsApp' },
  { code: 3, name: 'LINE', meaning: 'LINE' },
  { code: 4, name: 'WECHAT', meaning: 'WeChat' },
  { code: 5, name: 'FACEBOOK_MESSENGER', meaning: 'Facebook Messenger' },
  { code: 6, name: 'TWITTER', meaning: 'Twitter (X)' },
  { code: 7, name: 'RCS_5G_MESSAGE', meaning: '5G message (RCS); 7 in the older documents, absent from the newer' },
  { code: 8, name: 'EMAIL', meaning: 'E-mail; 7 in the newer documents, 8 in the older' },
  { code: 9, name: 'SMS', meaning: 'SMS; 8 in the newer documents, 9 in the older' },
]);
