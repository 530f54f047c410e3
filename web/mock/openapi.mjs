// Writes the provisional API description that the types are generated from until the server's own one is there.
import { writeFileSync } from 'node:fs'
const str = { type: 'string' }, num = { type: 'number' }, int = { type: 'integer' }, bool = { type: 'boolean' }
const nul = (t) => (t.$ref ? { oneOf: [{ type: 'null' }, t] } : { ...t, type: [t.type, 'null'] })
const ref = (n) => ({ $ref: `#/components/schemas/${n}` })
const arr = (t) => ({ type: 'array', items: t })
const en = (...v) => ({ type: 'string', enum: v })
const obj = (p) => {
  const required = [], properties = {}
  for (const [k, v] of Object.entries(p)) {
    if (k.endsWith('?')) properties[k.slice(0, -1)] = v
    else { required.push(k); properties[k] = v }
  }
  return { type: 'object', required, properties }
}
const list = (n) => obj({ items: arr(ref(n)), next: nul(str) })
const span = { type: 'array', items: int, minItems: 2, maxItems: 2 }
const schemas = {
  Role: en('system_admin', 'office', 'leader', 'reviewer', 'inspector', 'liaison', 'auditor', 'volunteer', 'public'),
  Verb: en('user.manage', 'campaign.add', 'ledger.see_all', 'campaign.see', 'campaign.edit', 'unit.see', 'unit.edit', 'plan.see', 'plan.import', 'plan.correct', 'plan.adopt', 'duty.see', 'duty.edit', 'duty.export', 'overview.see', 'ledger.see', 'search'),
  UnitKind: en('city', 'district', 'street', 'community', 'department', 'enterprise', 'working_group', 'group'),
  UnitRole: en('lead', 'responsible', 'support'),
  Recurrence: en('daily', 'weekly', 'semimonthly', 'monthly', 'quarterly', 'semiannual', 'semester', 'annual'),
  Comparator: en('>=', '<=', '>', '<', '='),
  DutyState: en('assigned', 'withdrawn'),
  PlanState: en('reading', 'failed', 'draft', 'adopted', 'discarded'),
  Ref: obj({ id: str, name: str }),
  PhaseRef: obj({ id: str, title: str }),
  Actor: obj({ id: str, display_name: str }),
  Fault: obj({ path: str, zh: str, en: str }),
  Problem: obj({ type: str, title: str, status: int, detail_zh: str, detail_en: str, faults: arr(ref('Fault')), 'retry_after?': int }),
  DemoLogin: obj({ role: ref('Role'), name: str, password: str, display_name: str }),
  Installation: obj({ setup_needed: bool, demo_logins: nul(arr(ref('DemoLogin'))), version: str }),
  SetUp: obj({ name: str, display_name: str, password: str }),
  Credentials: obj({ name: str, password: str }),
  PasswordChange: obj({ old: str, new: str }),
  SessionCampaign: obj({ id: str, name: str, place: str, kind: str, roles: arr(ref('Role')), units: arr(ref('Ref')), permissions: arr(ref('Verb')) }),
  Session: obj({ user: obj({ id: str, name: str, display_name: str }), permissions: arr(ref('Verb')), campaigns: arr(ref('SessionCampaign')), expires_at: str }),
  Grant: obj({ id: str, role: ref('Role'), campaign: nul(ref('Ref')), unit: nul(ref('Ref')) }),
  NewGrant: obj({ role: ref('Role'), 'campaign_id?': nul(str), 'unit_id?': nul(str) }),
  User: obj({ id: str, name: str, display_name: str, disabled: bool, created_at: str, grants: arr(ref('Grant')), version: int }),
  NewUser: obj({ name: str, display_name: str, password: str, grants: arr(ref('NewGrant')) }),
  UserChange: obj({ 'display_name?': str, 'disabled?': bool, 'password?': str }),
  Campaign: obj({ id: str, name: str, place: str, kind: str, year: int, starts_on: nul(str), ends_on: nul(str), created_at: str, version: int }),
  NewCampaign: obj({ name: str, place: str, kind: str, year: int, 'starts_on?': nul(str), 'ends_on?': nul(str) }),
  CampaignChange: obj({ 'name?': str, 'place?': str, 'kind?': str, 'year?': int, 'starts_on?': nul(str), 'ends_on?': nul(str) }),
  Phase: obj({ id: str, title: str, start: nul(str), end: nul(str), ordinal: int }),
  DutyCounts: obj({ lead: int, responsible: int, support: int }),
  Unit: obj({ id: str, name: str, kind: ref('UnitKind'), parent: nul(ref('Ref')), aliases: arr(str), members: arr(ref('Ref')), confirmed: bool, duties: ref('DutyCounts'), version: int }),
  NewUnit: obj({ name: str, kind: ref('UnitKind'), 'parent_id?': nul(str), 'aliases?': arr(str), 'member_ids?': arr(str) }),
  UnitChange: obj({ 'name?': str, 'kind?': ref('UnitKind'), 'parent_id?': nul(str), 'aliases?': arr(str), 'member_ids?': arr(str), 'confirmed?': bool }),
  Merge: obj({ into: str }),
  PlanSummary: obj({ id: str, name: str, state: ref('PlanState'), created_at: str, created_by: ref('Actor'), adopted_at: nul(str), replaces: nul(str), duties: nul(int), placed: nul(num), version: int }),
  Target: obj({ subject: str, comparator: ref('Comparator'), value: num, unit: str }),
  NamedUnit: obj({ name: str, role: ref('UnitRole') }),
  PlanPhase: obj({ title: str, start: nul(str), end: nul(str), span }),
  PlanDuty: obj({ number: nul(str), path: arr(str), title: str, text: str, leads: arr(str), units: arr(ref('NamedUnit')), start: nul(str), due: nul(str), recurrence: nul(ref('Recurrence')), targets: arr(ref('Target')), span }),
  ChecklistChild: obj({ number: nul(str), text: str }),
  Grading: obj({ met: nul(str), partly: nul(str), not_met: nul(str) }),
  ChecklistItem: obj({ number: nul(str), text: str, grading: nul(ref('Grading')), 'deductions?': arr(str), children: arr(ref('ChecklistChild')), span }),
  Checklist: obj({ site_type: str, items: arr(ref('ChecklistItem')), span }),
  AssessmentSystem: obj({ name: str, parts: nul(int), items: nul(int), indicators: nul(int) }),
  AssessmentMethod: obj({ method: str, indicators: int, system: nul(str) }),
  Assessment: obj({ systems: arr(ref('AssessmentSystem')), methods: arr(ref('AssessmentMethod')), gates: arr(ref('Target')) }),
  Group: obj({ name: str, duty: str, area: arr(str), span }),
  ReadPlan: obj({ title: str, kind: en('plan', 'speech', 'report'), phases: arr(ref('PlanPhase')), duties: arr(ref('PlanDuty')), checklists: arr(ref('Checklist')), assessment: nul(ref('Assessment')), groups: arr(ref('Group')), span }),
  Cleaning: en('pinyin-marks', 'traditional', 'page-marks', 'boilerplate', 'mojibake', 'whitespace'),
  Reading: obj({ source: str, cleaning: arr(ref('Cleaning')), plans: arr(ref('ReadPlan')), placed: num, unplaced: arr(span) }),
  ReadingChange: obj({ plans: arr(ref('ReadPlan')) }),
  PlanProblem: obj({ line: int, column: int, zh: str, en: str }),
  Plan: { allOf: [ref('PlanSummary'), obj({ reading: nul(ref('Reading')), problems: arr(ref('PlanProblem')) })] },
  PlanUpload: obj({ plan: ref('PlanSummary'), job: ref('Job') }),
  PlanUnit: obj({ name: str, count: int, match: nul(ref('PlanUnitMatch')), kind: ref('UnitKind'), same_as: nul(str), members: arr(ref('Ref')) }),
  PlanUnitMatch: obj({ unit: ref('Ref'), why: en('name', 'alias', 'similar') }),
  UnitDecision: obj({ name: str, as: { oneOf: [obj({ unit_id: str }), obj({ new: obj({ name: str, kind: ref('UnitKind'), 'members?': arr(str) }) }), en('leave')] } }),
  DutyPick: obj({ plan: int, index: int }),
  NewAdoption: obj({ duties: { oneOf: [{ type: 'null' }, arr(ref('DutyPick'))] }, phases: bool, units: arr(ref('UnitDecision')), 'gone?': arr(str) }),
  Adoption: obj({ duties: int, units_added: int, phases: int, plan: ref('PlanSummary') }),
  DutyText: obj({ number: nul(str), title: str, text: str, leads: arr(str), units: arr(ref('NamedUnit')), start: nul(str), due: nul(str), recurrence: nul(ref('Recurrence')), targets: arr(ref('Target')) }),
  PlanChange: obj({ change: en('added', 'changed', 'gone', 'same'), duty_id: nul(str), before: nul(ref('DutyText')), after: nul(ref('DutyText')), index: nul(ref('DutyPick')), fields: arr(str) }),
  DutyUnit: obj({ id: str, name: str, role: ref('UnitRole') }),
  NewDutyUnit: obj({ id: str, role: ref('UnitRole') }),
  DutyRow: obj({ id: str, number: nul(str), path: arr(str), title: str, leads: arr(str), units: arr(ref('DutyUnit')), start: nul(str), due: nul(str), due_on: nul(str), recurrence: nul(ref('Recurrence')), phase: nul(ref('PhaseRef')), targets: arr(ref('Target')), state: ref('DutyState'), version: int }),
  Duty: { allOf: [ref('DutyRow'), obj({ text: str, plan: nul(ref('Ref')), span: { oneOf: [{ type: 'null' }, span] }, created_at: str })] },
  DutySource: obj({ plan: ref('Ref'), before: str, text: str, after: str }),
  NewDuty: obj({ title: str, 'text?': str, 'number?': nul(str), units: arr(ref('NewDutyUnit')), 'leads?': arr(str), 'start?': nul(str), 'due?': nul(str), 'recurrence?': nul(ref('Recurrence')), 'phase_id?': nul(str), 'targets?': arr(ref('Target')) }),
  DutyChange: obj({ 'title?': str, 'text?': str, 'number?': nul(str), 'units?': arr(ref('NewDutyUnit')), 'leads?': arr(str), 'start?': nul(str), 'due?': nul(str), 'recurrence?': nul(ref('Recurrence')), 'phase_id?': nul(str), 'targets?': arr(ref('Target')) }),
  Withdrawal: obj({ reason: str }),
  DutyCount: obj({ count: int, exact: bool }),
  UnitTally: obj({ unit: ref('Ref'), lead: int, responsible: int, support: int, total: int }),
  PhaseTally: obj({ phase: nul(ref('PhaseRef')), count: int }),
  MonthTally: obj({ month: str, count: int }),
  RecurrenceTally: obj({ recurrence: ref('Recurrence'), count: int }),
  Overview: obj({ total: int, undated: int, with_target: int, by_unit: arr(ref('UnitTally')), by_phase: arr(ref('PhaseTally')), by_due_month: arr(ref('MonthTally')), by_recurrence: arr(ref('RecurrenceTally')), plans: obj({ draft: int, adopted: int }), units: obj({ total: int, unconfirmed: int }) }),
  SearchHit: obj({ kind: en('duty', 'unit', 'plan'), id: str, title: str, excerpt: str }),
  Job: obj({ id: str, kind: str, state: en('waiting', 'running', 'done', 'failed', 'cancelled'), done: int, total: int, message_zh: nul(str), message_en: nul(str), result: {}, created_at: str, finished_at: nul(str) }),
  LedgerEntry: obj({ id: str, at: str, actor: nul(ref('Actor')), action: str, subject_kind: str, subject_id: str, subject_title: nul(str), details: {}, block: nul(int) }),
}
for (const n of ['User', 'Campaign', 'Phase', 'Unit', 'PlanSummary', 'PlanUnit', 'PlanChange', 'DutyRow', 'SearchHit', 'LedgerEntry']) schemas[n === 'DutyRow' ? 'DutyList' : n === 'PlanSummary' ? 'PlanList' : n + 'List'] = list(n)
const paths = {}
const op = (method, path, { q = {}, body, raw, ok = 200, res, text, file } = {}) => {
  const parameters = [...path.matchAll(/\{(\w+)\}/g)].map((m) => ({ name: m[1], in: 'path', required: true, schema: str }))
  for (const [k, v] of Object.entries(q)) parameters.push({ name: k, in: 'query', required: false, schema: v })
  if (['patch', 'put'].includes(method) || path.endsWith('/adoption')) parameters.push({ name: 'If-Match', in: 'header', required: false, schema: str })
  const content = res ? { 'application/json': { schema: ref(res) } } : text ? { 'text/plain': { schema: str } } : file ? { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } } : undefined
  const o = { operationId: `${method}_${path}`, parameters, responses: { [ok]: { description: 'ok', ...(content ? { content } : {}) }, default: { description: 'problem', content: { 'application/problem+json': { schema: ref('Problem') } } } } }
  if (body) o.requestBody = { required: true, content: { 'application/json': { schema: ref(body) } } }
  if (raw) o.requestBody = { required: true, content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } } }
  ;(paths['/api/v1' + path] ??= {})[method] = o
}
const page = { after: str, limit: int }
const C = '/campaigns/{campaign}'
const dutyFilters = { unit: str, phase: str, due_from: str, due_to: str, undated: bool, target: bool, recurrence: str, state: ref('DutyState'), plan: str, q: str }
op('get', '/installation', { res: 'Installation' })
op('post', '/setup', { body: 'SetUp', ok: 201, res: 'Session' })
op('post', '/session', { body: 'Credentials', res: 'Session' }); op('get', '/session', { res: 'Session' }); op('delete', '/session', { ok: 204 })
op('put', '/session/password', { body: 'PasswordChange', ok: 204 })
op('get', '/users', { q: { q: str, ...page }, res: 'UserList' }); op('post', '/users', { body: 'NewUser', ok: 201, res: 'User' })
op('get', '/users/{user}', { res: 'User' }); op('patch', '/users/{user}', { body: 'UserChange', res: 'User' })
op('post', '/users/{user}/grants', { body: 'NewGrant', ok: 201, res: 'Grant' }); op('delete', '/users/{user}/grants/{grant}', { ok: 204 })
op('get', '/campaigns', { q: page, res: 'CampaignList' }); op('post', '/campaigns', { body: 'NewCampaign', ok: 201, res: 'Campaign' })
op('get', C, { res: 'Campaign' }); op('patch', C, { body: 'CampaignChange', res: 'Campaign' })
op('get', C + '/phases', { res: 'PhaseList' })
op('get', C + '/units', { q: { q: str, kind: ref('UnitKind'), confirmed: bool, ...page }, res: 'UnitList' }); op('post', C + '/units', { body: 'NewUnit', ok: 201, res: 'Unit' })
op('get', C + '/units/{unit}', { res: 'Unit' }); op('patch', C + '/units/{unit}', { body: 'UnitChange', res: 'Unit' }); op('post', C + '/units/{unit}/merge', { body: 'Merge', res: 'Unit' })
op('get', C + '/plans', { q: page, res: 'PlanList' }); op('post', C + '/plans', { q: { name: str, replaces: str }, raw: true, ok: 202, res: 'PlanUpload' })
op('get', C + '/plans/{plan}', { res: 'Plan' }); op('delete', C + '/plans/{plan}', { ok: 204 })
op('get', C + '/plans/{plan}/text', { text: true }); op('get', C + '/plans/{plan}/file', { file: true })
op('put', C + '/plans/{plan}/reading', { body: 'ReadingChange', res: 'Plan' })
op('get', C + '/plans/{plan}/units', { res: 'PlanUnitList' })
op('post', C + '/plans/{plan}/adoption', { body: 'NewAdoption', res: 'Adoption' }); op('delete', C + '/plans/{plan}/adoption', { res: 'Plan' })
op('get', C + '/plans/{plan}/comparison', { q: page, res: 'PlanChangeList' })
op('get', C + '/duties', { q: { ...dutyFilters, ...page }, res: 'DutyList' }); op('post', C + '/duties', { body: 'NewDuty', ok: 201, res: 'Duty' })
op('get', C + '/duties/count', { q: dutyFilters, res: 'DutyCount' })
op('get', C + '/duties/{duty}', { res: 'Duty' }); op('patch', C + '/duties/{duty}', { body: 'DutyChange', res: 'Duty' })
op('get', C + '/duties/{duty}/source', { res: 'DutySource' })
op('post', C + '/duties/{duty}/withdrawal', { body: 'Withdrawal', res: 'Duty' }); op('delete', C + '/duties/{duty}/withdrawal', { res: 'Duty' })
op('get', C + '/overview', { res: 'Overview' }); op('get', C + '/task-table', { q: { format: en('xlsx', 'docx'), ...dutyFilters }, file: true })
op('get', C + '/search', { q: { q: str }, res: 'SearchHitList' })
op('get', '/jobs/{job}', { res: 'Job' }); op('delete', '/jobs/{job}', { res: 'Job' })
op('get', C + '/ledger', { q: { subject: str, action: str, actor: str, ...page }, res: 'LedgerEntryList' }); op('get', '/ledger', { q: { subject: str, action: str, actor: str, ...page }, res: 'LedgerEntryList' })
writeFileSync(new URL('./openapi.json', import.meta.url), JSON.stringify({ openapi: '3.1.0', info: { title: 'Chengjing', version: '1' }, paths, components: { schemas } }, null, 1))
