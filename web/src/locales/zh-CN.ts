import common from './zh-CN/common'
import duty from './zh-CN/duty'
import entry from './zh-CN/entry'
import files from './zh-CN/files'
import people from './zh-CN/people'
import plan from './zh-CN/plan'
import task from './zh-CN/task'

/** The original: every other locale has exactly these keys. */
export default { ...common, ...entry, ...plan, ...duty, ...people, ...files, ...task }
