// A made-up county for development: units, and one plan whose entries know where they stand in its text.
let n = 0
export const uuid = () => `00000000-0000-7000-8000-${(++n).toString(16).padStart(12, '0')}`
const departments = '县文明办 县委宣传部 县委组织部 县委政法委 县教育体育局 县公安局 县民政局 县司法局 县财政局 县人社局 县自然资源局 县生态环境局 县住建局 县城管局 县交通运输局 县水利局 县农业农村局 县商务局 县文旅广电局 县卫健局 县应急局 县审计局 县市场监管局 县统计局 县医保局 县信访局 县融媒体中心 县总工会 团县委 县妇联 县残联 县红十字会 县税务局 县气象局 县消防大队 县交警大队 县邮政公司 县供电公司'.split(' ')
const towns = '城关镇 柳河镇 石桥镇 白塔镇 双泉镇 云岭乡 松坪乡 青溪乡 望湖乡 大坝乡'.split(' ')
const communities = '东门社区 西关社区 北苑社区 滨河社区 书院社区 新城社区 梧桐社区 莲池社区'.split(' ')
const firms = '清水公交公司 清水水务公司 城投物业公司 汇丰农贸市场'.split(' ')
export const units = []
const addUnit = (name, kind, extra = {}) => { const u = { id: uuid(), name, kind, parent: null, aliases: [], members: [], confirmed: true, version: 1, ...extra }; units.push(u); return u }
departments.forEach((d, i) => addUnit(d, 'department', { confirmed: i < 33, aliases: d === '县文明办' ? ['县精神文明办', '县创建办'] : d === '县教育体育局' ? ['县教体局'] : [] }))
towns.forEach((t) => addUnit(t, 'street'))
const guan = units.find((u) => u.name === '城关镇')
communities.forEach((t, i) => addUnit(t, 'community', { parent: { id: guan.id, name: guan.name }, confirmed: i < 6 }))
firms.forEach((t) => addUnit(t, 'enterprise'))
addUnit('各乡镇', 'group', { members: units.filter((u) => u.kind === 'street').map(({ id, name }) => ({ id, name })) })
export const unit = (name) => units.find((u) => u.name === name)

const areas = [
  ['理想信念和宣传教育', '县委宣传部', ['县融媒体中心', '县文明办'], [
    ['开设创建专栏,每周刊播稿件', '县融媒体中心', 'weekly', [['专栏稿件', '>=', 3, '篇/周']], null],
    ['主次干道和广场设置公益广告', '县城管局', null, [['公益广告数量', '>=', 12, '处']], '2026-05'],
    ['举办市民礼仪讲堂', '县文明办', 'monthly', [['讲堂场次', '>=', 10, '场']], '2026-11'],
    ['评选清水好人并挂榜宣传', '县文明办', 'quarterly', [], null],
    ['建成县级新时代文明实践中心', '县委宣传部', null, [], '2026-06-30'],
    ['编印市民手册并发放到户', '县文明办', null, [['入户率', '>=', 95, '%']], '2026-04'],
  ]],
  ['公共秩序整治', '县公安局', ['县交警大队', '县城管局'], [
    ['重点路口安排文明劝导员', '县交警大队', 'daily', [['劝导路口', '>=', 18, '个']], null],
    ['施划城区停车泊位', '县交警大队', null, [['新增泊位', '>=', 600, '个']], '2026-08'],
    ['治理占道经营和乱停乱放', '县城管局', 'weekly', [], null],
    ['整治非机动车逆行闯灯', '县交警大队', null, [['守法率', '>=', 90, '%']], '2026-07'],
    ['清理小广告和乱拉线缆', '县城管局', 'monthly', [], null],
    ['公交站台全部张贴文明候车标识', '清水公交公司', null, [['张贴率', '=', 100, '%']], '2026-05-20'],
  ]],
  ['环境卫生提升', '县住建局', ['县城管局', '县生态环境局'], [
    ['改造老旧小区', '县住建局', null, [['改造小区', '>=', 14, '个'], ['惠及住户', '>=', 3200, '户']], '2026-10'],
    ['新建和修缮公共厕所', '县城管局', null, [['公共厕所', '>=', 9, '座']], '2026-09'],
    ['背街小巷每日普扫两遍', '县城管局', 'daily', [], null],
    ['开展河道清漂行动', '县水利局', 'semimonthly', [], null],
    ['城区空气质量监测并公开', '县生态环境局', 'monthly', [['优良天数比率', '>=', 85, '%']], null],
    ['推行生活垃圾分类投放', '城投物业公司', null, [['分类覆盖率', '>=', 80, '%']], '2026-12'],
    ['修补破损路面和缺失井盖', '县住建局', null, [], '2026-06'],
  ]],
  ['诚信建设和市场环境', '县市场监管局', ['县商务局', '县税务局'], [
    ['农贸市场设公平秤和投诉台', '汇丰农贸市场', null, [], '2026-05'],
    ['发布守信红名单和失信名单', '县市场监管局', 'quarterly', [], null],
    ['检查餐饮单位明厨亮灶', '县市场监管局', null, [['明厨亮灶率', '>=', 92, '%']], '2026-08'],
    ['创建文明商户', '县商务局', null, [['文明商户', '>=', 120, '户']], '2026-11'],
    ['办税大厅推行延时服务', '县税务局', null, [['群众满意度', '>=', 96, '%']], '2026-06'],
    ['整治虚假广告和强买强卖', '县市场监管局', 'monthly', [], null],
  ]],
  ['未成年人成长环境', '县教育体育局', ['团县委', '县妇联'], [
    ['中小学开好心理健康课', '县教育体育局', 'semester', [], null],
    ['校园周边二百米禁设网吧', '县文旅广电局', null, [['违规场所', '=', 0, '家']], '2026-05-31'],
    ['建设乡村少年宫', '县教育体育局', null, [['乡村少年宫', '>=', 10, '所']], '2026-10'],
    ['组织家长学校活动', '县妇联', 'quarterly', [['活动场次', '>=', 4, '场']], null],
    ['评选新时代好少年', '团县委', 'annual', [], null],
    ['开展网络文明进课堂', '县教育体育局', 'semester', [['课时', '>=', 2, '节/学期']], null],
  ]],
  ['志愿服务和民生保障', '县文明办', ['县民政局', '县卫健局'], [
    ['注册志愿者人数达到常住人口一成五', '团县委', null, [['注册志愿者占比', '>=', 15, '%']], '2026-09'],
    ['每个社区建一支志愿队伍', '各乡镇', null, [['志愿队伍', '>=', 1, '支/社区']], '2026-07'],
    ['医院设置导医台和轮椅', '县卫健局', null, [], '2026-05'],
    ['城区建成居家养老服务站', '县民政局', null, [['服务站', '>=', 8, '个']], '2026-12'],
    ['盲道和坡道专项排查', '县残联', 'semiannual', [], null],
    ['法律援助窗口当日受理', '县司法局', null, [], '2026-06'],
    ['开展消防通道畅通行动', '县消防大队', 'monthly', [], null],
  ]],
]
const num = '一二三四五六七八九十'
export function makePlan(version = 1) {
  let text = ''
  const cp = () => [...text].length
  const put = (s) => { const a = cp(); text += s; return [a, cp()] }
  const plan = { title: '清水县争创省级文明县城三年行动方案', kind: 'plan', phases: [], duties: [], checklists: [], assessment: null, groups: [], span: [0, 0] }
  put('清水县争创省级文明县城三年行动方案\n\n')
  put('清水河穿城而过,清水人好客重信。为把这座小城收拾得更干净、更有序、更有人情味,县委、县政府决定用三年时间争创省级文明县城,现就二〇二六年度的任务作如下安排。\n\n')
  put('一、总的想法\n'); put('坚持为民创建,少开会、多上街;谁的门前谁负责,谁的行业谁牵头。群众点头才算数,年终以测评结果说话。\n\n')
  put('二、时间步骤\n')
  for (const [t, s, e, say] of [['动员部署阶段', '2026-02', '2026-03', '2026年2月至3月'], ['集中攻坚阶段', '2026-04', '2026-09', '2026年4月至9月'], ['自查补短阶段', '2026-10', '2026-11', '2026年10月至11月'], ['迎检巩固阶段', '2026-12', '2026-12', '2026年12月']]) {
    const sp = put(`${plan.phases.length + 1}.${t}(${say})。`); plan.phases.push({ title: t, start: s, end: e, span: sp })
    put('各单位对照任务表逐条过一遍,能当场办的当场办,需要协调的当周上报。\n')
  }
  put('\n三、重点任务\n')
  areas.forEach(([area, lead, helpers, items], a) => {
    put(`(${num[a]})${area}\n`)
    items.forEach(([title, who, rec, targets, due], i) => {
      for (const part of version === 2 && a === 1 && i === 2 ? [] : [0, 1]) {
        if (part === 1 && i % 2 === 1) continue
        const k = i + 1, ttl = part === 0 ? title : `建立${title.replace(/^(开展|推行|建设|组织|评选|举办)/, '').slice(0, 10)}工作台账`
        const d = { number: `${k}${part ? '.1' : ''}`, path: ['三', `(${num[a]})`], title: ttl, text: '', leads: i === 0 && !part ? ['分管副县长'] : [], units: [], start: null, due: part ? null : due, recurrence: part ? (i % 4 === 0 ? 'monthly' : null) : rec, targets: part ? [] : targets.map(([subject, comparator, value, unit]) => ({ subject, comparator, value, unit })), span: null }
        if (version === 2 && a === 0 && i === 1 && !part) { d.due = '2026-07'; d.targets[0].value = 20 }
        const s = cp()
        put(`${d.number}.${ttl}。`)
        for (const t of d.targets) put(`${t.subject}${{ '>=': '不低于', '=': '为', '<=': '不超过' }[t.comparator]}${t.value}${t.unit}。`)
        if (d.recurrence) put({ daily: '每天坚持。', weekly: '每周一次。', monthly: '每月一次。', quarterly: '每季度一次。', semester: '每学期一次。', annual: '每年一次。', semimonthly: '每半月一次。', semiannual: '每半年一次。' }[d.recurrence])
        if (d.due) put(`${d.due.slice(0, 4)}年${+d.due.slice(5, 7)}月${d.due.length > 7 ? +d.due.slice(8) + '日' : ''}前完成。`)
        const body = [...text].slice(s).join('')
        put('(')
        if (i === 0 && !part) { put(`牵头单位:${lead};`); d.units.push({ name: lead, role: 'lead' }) }
        put(`责任单位:${who}`); d.units.push({ name: who, role: 'responsible' })
        const hs = helpers.filter((h) => h !== who && h !== lead).concat(i % 3 === 0 ? ['各乡镇'] : []).filter((h) => h !== who)
        if (hs.length) { put(`;配合单位:${hs.join('、')}`); hs.forEach((h) => d.units.push({ name: h, role: 'support' })) }
        put(')'); d.span = [s, cp()]; d.text = body; plan.duties.push(d); put('\n')
      }
    })
    put('各牵头单位每月底前把进展报县创建办,遇有难处随时说。\n\n')
  })
  if (version === 2) {
    const s = cp(); put('8.为环卫工人设置歇脚驿站。驿站数量不低于6个。2026年9月前完成。(责任单位:县城管局;配合单位:县总工会)')
    plan.duties.push({ number: '8', path: ['三', '(六)'], title: '为环卫工人设置歇脚驿站', text: '为环卫工人设置歇脚驿站。驿站数量不低于6个。2026年9月前完成。', leads: [], units: [{ name: '县城管局', role: 'responsible' }, { name: '县总工会', role: 'support' }], start: null, due: '2026-09', recurrence: null, targets: [{ subject: '驿站数量', comparator: '>=', value: 6, unit: '个' }], span: [s, cp()] }); put('\n\n')
  }
  put('四、实地考察标准\n')
  for (const [site, items] of [['社区', [['门头整洁,公示栏内容三个月内更新', { met: '2处都符合', partly: '1处符合', not_met: '都不符合' }], ['有志愿服务岗,值班有记录', null], ['楼道无杂物、无飞线充电', { met: '未见', partly: '1处', not_met: '2处以上' }]]], ['农贸市场', [['摊位不出店,通道无积水', null], ['有公平秤、投诉台、检测公示', { met: '3项齐全', partly: '2项', not_met: null }]]]]) {
    const s = cp(); put(`${site}考察标准\n`); const c = { site_type: site, items: [], span: [0, 0] }
    items.forEach(([t, g], i) => { const a = cp(); put(`(${i + 1})${t}。`); if (g) put(`符合:${g.met ?? '-'};基本符合:${g.partly ?? '-'};不符合:${g.not_met ?? '否则'}。`); c.items.push({ number: String(i + 1), text: t, grading: g, children: [], span: [a, cp()] }); put('\n') })
    c.span = [s, cp()]; plan.checklists.push(c)
  }
  put('\n五、组织保障\n')
  for (const [name, duty] of [['材料申报组', '由县文明办负责,统一口径、归集材料、按时上传。'], ['实地督查组', '由县委督查室牵头,每周上街一次,照片当天回传。'], ['宣传引导组', '由县委宣传部负责,讲好身边人身边事。']]) { const sp = put(`${name}:${duty}`); plan.groups.push({ name, duty, area: [], span: sp }); put('\n') }
  put('\n请各单位接到本方案后一周内明确分管领导和联络员,把名单报县创建办。联系电话见通讯录。经费由县财政统筹,专款专用,不搞形象工程。\n\n清水县争创省级文明县城工作领导小组\n2026年2月9日\n')
  plan.assessment = { systems: [{ name: '省级文明县城测评体系', parts: 3, items: 12, indicators: 68 }], methods: [{ method: '材料审核', indicators: 30, system: '省级文明县城测评体系' }, { method: '实地考察', indicators: 38, system: null }], gates: [{ subject: '未成年人工作测评得分', comparator: '>=', value: 80, unit: '分' }] }
  plan.span = [0, cp()]
  return { text, plan }
}
export function placement(text, plans) {
  const cps = [...text], cover = new Uint8Array(cps.length)
  for (const p of plans) for (const e of [...p.phases, ...p.duties, ...p.checklists, ...p.groups]) if (e.span) cover.fill(1, e.span[0], e.span[1])
  let seen = 0, placed = 0, from = -1; const unplaced = []
  const flush = (i) => { if (from >= 0) { let a = from, b = i; while (a < b && /\s/.test(cps[a])) a++; while (b > a && /\s/.test(cps[b - 1])) b--; if (b > a) unplaced.push([a, b]) } from = -1 }
  cps.forEach((c, i) => { if (!/\s/.test(c)) { seen++; if (cover[i]) placed++ } if (cover[i]) flush(i); else if (from < 0) from = i; if (c === '\n') { flush(i + 1) } })
  flush(cps.length)
  return { placed: seen ? placed / seen : 0, unplaced }
}
