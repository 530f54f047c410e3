import account from './zh-CN/account'
import duty from './zh-CN/duty'
import evidence from './zh-CN/evidence'
import files from './zh-CN/files'
import front from './zh-CN/front'
import holiday from './zh-CN/holiday'
import initiative from './zh-CN/initiative'
import notice from './zh-CN/notice'
import people from './zh-CN/people'
import plan from './zh-CN/plan'
import publication from './zh-CN/publication'
import score from './zh-CN/score'
import standard from './zh-CN/standard'
import task from './zh-CN/task'
import views from './zh-CN/views'
import webhook from './zh-CN/webhook'

/** The original: every other locale has exactly these keys. */
export default { ...front, ...plan, ...duty, ...initiative, ...holiday, ...people, ...account, ...evidence, ...files, ...score, ...standard, ...task, ...notice, ...publication, ...views, ...webhook }
