import type { Messages } from '@/shared/i18n'
import account from './en/account'
import common from './en/common'
import duty from './en/duty'
import entry from './en/entry'
import evidence from './en/evidence'
import files from './en/files'
import holiday from './en/holiday'
import initiative from './en/initiative'
import notice from './en/notice'
import people from './en/people'
import plan from './en/plan'
import publication from './en/publication'
import score from './en/score'
import standard from './en/standard'
import task from './en/task'
import views from './en/views'
import webhook from './en/webhook'

const en: Messages = { ...common, ...entry, ...plan, ...duty, ...initiative, ...holiday, ...people, ...account, ...evidence, ...files, ...standard, ...task, ...notice, ...publication, ...views, ...webhook }
const en: Messages = { ...common, ...entry, ...plan, ...duty, ...initiative, ...holiday, ...people, ...account, ...files, ...score, ...standard, ...task, ...notice, ...publication, ...views, ...webhook }
export default en
