import { codes } from './code-row.js';

/** Channels of a social call (media type 53), as the documents of 2025-11 number them. */
export const SUB_MEDIA_TYPES = codes('pages cec_07_0699, cec_07_0844', [
  { code: 1, name: 'WEB', meaning: 'Web channel' },
  { code: 2, name: 'WHATSAPP', meaning: 'WhatsApp' },
  { code: 3, name: 'LINE', meaning: 'LINE' },
  { code: 4, name: 'WECHAT', meaning: 'WeChat' },
  { code: 5, name: 'FACEBOOK_MESSENGER', meaning: 'Facebook Messenger' },
  { code: 6, name: 'TWITTER', meaning: 'Twitter (X)' },
  { code: 7, name: 'EMAIL', meaning: 'E-mail; 7 in the newer documents, 8 in the older', confidence: 'MEDIUM' },
  { code: 8, name: 'SMS', meaning: 'SMS; 8 in the newer documents, 9 in the older', confidence: 'MEDIUM' },
  { code: 9, name: 'TELEGRAM', meaning: 'Telegram; 9 in the newer documents, absent from the older', confidence: 'MEDIUM' },
  { code: 10, name: 'INSTAGRAM', meaning: 'Instagram; 10 in the newer documents, absent from the older' },
]);
