import type { Catalogue } from './catalogue.js';

/**
 * Chinese, in the words of the vendor's and of the market's documents. What is inserted has a space on either side: whoever
 * puts sentences together takes those away that do not stand beside Latin letters or digits.
 */
export const ZH: Catalogue = {
  customer: '{direction, select, INTERNAL {主叫方} other {客户}}',
  agents: '{known, plural, =0 {{count, plural, =1 {座席} other {# 位座席}}} other {座席 {ids}}}',
  queues: '{known, plural, =0 {{count, plural, =1 {技能队列} other {# 个技能队列}}} other {技能队列 {ids}}}',
  'list.separator': '、',
  'list.last': '{shown} 和 {last}',
  'list.others': '{shown} 等另外 {count, plural, other {#}} 个',
  device:
    '{kind, select, QUEUE {技能队列} AGENT {座席} IVR {菜单} ROUTER {路由设备} CONFERENCE {会议} OUTSIDE {外部一方} other {未知设备}}{hasId, select, yes { {id}} other {}}',
  place: '{kind, select, IVR {菜单} ROUTER {路由设备} CONFERENCE {会议} OUTSIDE {外部一方} other {未知设备}}',
  queueNotRecorded: '没有记录的技能队列',
  nowhere: '记录中未指明的去处',
  duration:
    '{size, select, NONE {不到 1 秒} SECONDS {{seconds} 秒} MINUTES {{minutes} 分 {seconds} 秒} HOURS {{hours} 小时 {minutes} 分 {seconds} 秒} other {{days, plural, other {#}} 天 {hours} 小时 {minutes} 分 {seconds} 秒}}',
  date: '{year}年{month}月{day}日',
  when: '{form, select, NONE {没有任何时间记录} INSTANT {{date} {time}（{open, select, yes {进行中，} other {}}{offset}）} ONE_DAY {{date} {time}–{endTime}（{open, select, yes {进行中，} other {}}{offset}）} DAYS {{date} {time} – {endDate} {endTime}（{open, select, yes {进行中，} other {}}{offset}）} other {{date} {time}（{offset}）– {endDate} {endTime}（{open, select, yes {进行中，} other {}}{endOffset}）}}',
  headline: '{what}。{when}。',
  uncertain: '{statement}（不确定）',

  'verdict.IN_PROGRESS': '通话进行中{answered, select, yes {：{answer}} other {}}',
  'verdict.ANSWERED':
    '{direction, select, OUTBOUND {{by, select, AGENT { {agent} } other {}}{hasWait, select, yes {于 {waited} 后} other {}}接通 {customer} {callback, select, yes {（回呼）} other {}}} other {{callback, select, yes {回呼：} other {}}{by, select, AGENT { {agent} } other {}}{hasWait, select, yes {于 {waited} 后} other {}}{by, select, AGENT {接听} other {接通，接听方无记录}}}}',
  'verdict.ABANDONED_IN_QUEUE':
    '{reached, select, yes {已接通的} other {}} {customer} 在 {queues} 等待 {waited} 后放弃',
  'verdict.ABANDONED_WHILE_RINGING':
    '{reached, select, yes {已接通的} other {}} {customer} 等待 {waited} 后，在 {agent} 振铃时放弃',
  'verdict.ABANDONED_IN_IVR': '{customer} 在菜单中挂断',
  'verdict.CALLBACK_REQUESTED': '未接听： {customer} 要求回呼',
  'verdict.MESSAGE_LEFT': '未接听： {customer} 留言',
  'verdict.NOT_REACHED':
    '未接通 {customer} {reason, select, BUSY {：对方忙} NO_ANSWER {：无人应答} REJECTED {：对方拒接} POWERED_OFF {：对方关机} OUT_OF_COVERAGE {：对方不在服务区} UNALLOCATED {：号码不存在} MAILBOX {：转入语音信箱} other {}}',
  'verdict.NOT_SERVED':
    '未获服务{reason, select, QUEUE_TIMEOUT {：排队超时} OVERFLOW {：排队溢出} NO_AGENT {：无座席值班} NO_CAPACITY {：呼叫中心资源不足} NO_ANSWER {：座席无应答} CHARGING {：计费未允许呼叫} CANCELLED {：排队被取消} other {}}',
  'verdict.FORWARDED': '未在本中心接听：呼叫已转往外线',
  'verdict.SELF_SERVED': '自助服务，未经座席',
  'verdict.FAILED':
    '呼叫失败{reason, select, FAULT {：呼叫中心故障} TIMEOUT {：呼叫中心内部超时} CONFIGURATION {：呼叫中心配置问题} other {}}',
  'verdict.UNKNOWN': '呼叫结果无记录',

  handover:
    '{form, select, DONE {{own, select, yes {并} other {， {by} }}转接给 {to} } NOT_ANSWERED {{own, select, yes {并转接，但} other {， {by} 转接后}}无人接听} MANY {，共转接 {count, plural, other {#}} 次，最后由 {by} 转接给 {to} } MANY_OPEN {，共转接 {count, plural, other {#}} 次，最后由 {by} 转接} other {{own, select, yes {并} other {， {by} }}转出呼叫{form, select, LOST {，后续无记录} other {}}}}',
  'ending.where':
    '{phase, select, ON_HOLD {在保持期间} CONFERENCE {在会议中} QUEUE {在排队时} RINGING {在振铃时} IVR {在菜单中} ROUTING {在路由时} other {}}',
  ending:
    '，{party, select, CUSTOMER {由 {customer} } AGENT {由 {agent} } SYSTEM {由系统} other {}}{party, select, UNKNOWN {{how, select, NOT_RECORDED {结束情况无记录} TRANSFERRED_OUT {呼叫被转出，后续无记录} REDIRECTED {呼叫被改接，后续无记录} CONFERENCE_RELEASED {会议释放，释放方无记录} other {呼叫{where}结束，结束方无记录}}} other {{where}{how, select, TALK_LIMIT {因达到通话时限} TIMEOUT {因超时} FAULT {因故障} REJECTED {因拒接} other {}}{party, select, SYSTEM {结束} other {挂断}}}}',
  'ending.abandoned':
    '，{phase, select, ON_HOLD { {customer} 在保持 {waited} 后挂断} QUEUE { {customer} 在 {queues} 等待 {waited} 后放弃} RINGING { {customer} 等待 {waited} 后，在 {agent} 振铃时放弃} IVR { {customer} 在菜单中挂断} other { {customer} 等待 {waited} 后放弃}}',
  now: '{answered, select, yes {，} other {：}}{phase, select, IVR { {customer} 正在菜单中} ROUTING {正在路由} QUEUE { {customer} 正在 {queues} 排队} RINGING { {agent} 正在振铃} TALKING { {customer} 正与 {agent} 通话} ON_HOLD { {customer} 正被保持} CONFERENCE { {customer} 正在会议中} OUTSIDE { {customer} 正与记录中未指明的一方通话} other {当前位置无记录}}',

  'piece.IVR': '{customer} {open, select, yes {已在菜单停留} other {在菜单停留}} {duration} 。',
  'piece.ROUTING': '{open, select, yes {呼叫路由已用时} other {呼叫路由用时}} {duration} 。',
  'piece.QUEUE': '{customer} {open, select, yes {已在 {queues} 排队} other {在 {queues} 排队}} {duration} 。',
  'piece.RINGING':
    '{dialling, select, yes { {agents} 呼叫 {customer} ，{open, select, yes {已振铃} other {振铃}} {duration} } other { {agents} {open, select, yes {已振铃} other {振铃}} {duration} }}。',
  'piece.TALKING': '{agents} 与 {customer} {open, select, yes {已通话} other {通话}} {duration} 。',
  'piece.OUTSIDE': '{customer} 与记录中未指明的一方{open, select, yes {已通话} other {通话}} {duration} 。',
  'piece.HOLD': '{agents} {open, select, yes {已将呼叫保持} other {将呼叫保持}} {duration} 。',
  'piece.CONFERENCE': '{customer} {open, select, yes {已参加会议通话} other {参加会议通话}} {duration} 。',
  'piece.UNACCOUNTED':
    '{open, select, yes {最近} other {{position, select, first {最初} other {其后}}}} {duration} 没有任何记录。',

  'link.OVERFLOW': '{from} 已满或忙，呼叫溢出到 {to} 。',
  'link.TIMEOUT': '在 {from} 等待超时，呼叫转到 {to} 。',
  'link.NO_AGENT': '{from} 无座席值班，呼叫转到 {to} 。',
  'link.QUEUE_CANCELLED': '在 {from} 的排队被取消，呼叫转到 {to} 。',
  'link.NO_ANSWER': '{from} 未应答，呼叫转到 {to} 。',
  'link.REJECTED': '{from} 拒接，呼叫转到 {to} 。',
  'link.RESUME': '挂起的呼叫由 {from} 回到 {to} 。',
  'link.TRANSFER':
    '{hasTo, select, no {{from} 转出呼叫，后续无记录} other {{from} 将呼叫转接给 {to} （{kind, select, BLIND {释放转} SUPERVISED {成功转} ATTENDED {通话转} THREE_PARTY {三方转} SUSPENDED {挂起转} other {转接方式不明}}）{completed, select, no {，但无人接听} unknown {，是否有人接听无记录} other {}}}}。',
  'link.TRANSFER_FAILED': '转接未成功，呼叫由 {from} 回到 {to} 。',
  'link.HOLD': '{from} 取回保持的呼叫。',
  'link.CONSULT': '其间， {from} 咨询 {to} 。',
  'link.HELP': '其间， {from} 求助 {to} ，请其加入通话。',
  'link.CONFERENCE': '{from} 进入会议。',
  'link.INTERCEPT': '{to} 拦截并接过 {from} 的呼叫。',
  'link.PICKUP': '{to} 代接了 {from} 的振铃呼叫。',
  'link.NETWORK_RETURN': '呼叫中心网络将呼叫由 {from} 退回 {to} 。',
  'link.REROUTE': '呼叫被重新路由，由 {from} 到 {to} 。',
  'link.PARALLEL_QUEUE': '除 {from} 外，呼叫同时在 {to} 排队。',
  onDate: '{date} {time}，{sentence}',
  warnings: '记录有 {count, plural, other {#}} 项警告，部分叙述可能有误。',

  'table.position': '#',
  'table.device': '设备',
  'table.begin': '开始',
  'table.end': '结束',
  'table.duration': '时长',
  'table.leaveReason': '离开原因',
  'table.unknownCode': '未知代码',
};
