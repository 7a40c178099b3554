import { codes } from './code-row.js';

/** Channels of a social call (media type 53), as the documents of 2025-11 number them. */
export const SUB_MEDIA_TYPES = codes('pages cec_07_0699, cec_07_0844', [
  { code: 1, name: 'WEB', meaning: 'Web channel', zh: '网页渠道', zhSource: 'OURS' },
  { code: 2, name: 'WHATSAPP', meaning: 'WhatsApp', zh: 'WhatsApp消息', zhSource: 'OURS' },
  { code: 3, name: 'LINE', meaning: 'LINE', zh: 'LINE消息', zhSource: 'OURS' },
  { code: 4, name: 'WECHAT', meaning: 'WeChat', zh: '微信' },
  { code: 5, name: 'FACEBOOK_MESSENGER', meaning: 'Facebook Messenger', zh: 'Facebook Messenger消息', zhSource: 'OURS' },
  { code: 6, name: 'TWITTER', meaning: 'Twitter (X)', zh: '推特（X）', zhSource: 'OURS' },
  { code: 7, name: 'EMAIL', meaning: 'E-mail; 7 in the newer documents, 8 in the older', zh: '电子邮件；新版文档编号为7，旧版为8', zhSource: 'OURS', confidence: 'MEDIUM' },
  { code: 8, name: 'SMS', meaning: 'SMS; 8 in the newer documents, 9 in the older', zh: '短信；新版文档编号为8，旧版为9', zhSource: 'OURS', confidence: 'MEDIUM' },
  { code: 9, name: 'TELEGRAM', meaning: 'Telegram; 9 in the newer documents, absent from the older', zh: 'Telegram消息；新版文档编号为9，旧版没有', zhSource: 'OURS', confidence: 'MEDIUM' },
  { code: 10, name: 'INSTAGRAM', meaning: 'Instagram; 10 in the newer documents, absent from the older', zh: 'Instagram消息；新版文档编号为10，旧版没有', zhSource: 'OURS' },
]);
