import { codes } from './code-row.js';

/** The same channels as the documents of 2023-10 to 2025-03 numbered them: 7 to 9 differ. */
export const LEGACY_SUB_MEDIA_TYPES = codes('pages cec_07_2634, cec_07_4248', [
  { code: 1, name: 'WEB', meaning: 'Web channel', zh: '网页渠道', zhSource: 'OURS' },
  { code: 2, name: 'WHATSAPP', meaning: 'WhatsApp', zh: 'WhatsApp消息', zhSource: 'OURS' },
  { code: 3, name: 'LINE', meaning: 'LINE', zh: 'LINE消息', zhSource: 'OURS' },
  { code: 4, name: 'WECHAT', meaning: 'WeChat', zh: '微信' },
  { code: 5, name: 'FACEBOOK_MESSENGER', meaning: 'Facebook Messenger', zh: 'Facebook Messenger消息', zhSource: 'OURS' },
  { code: 6, name: 'TWITTER', meaning: 'Twitter (X)', zh: '推特（X）', zhSource: 'OURS' },
  { code: 7, name: 'RCS_5G_MESSAGE', meaning: '5G message (RCS); 7 in the older documents, absent from the newer', zh: '5G消息' },
  { code: 8, name: 'EMAIL', meaning: 'E-mail; 7 in the newer documents, 8 in the older', zh: '电子邮件；新版文档编号为7，旧版为8', zhSource: 'OURS' },
  { code: 9, name: 'SMS', meaning: 'SMS; 8 in the newer documents, 9 in the older', zh: '短信；新版文档编号为8，旧版为9', zhSource: 'OURS' },
]);
