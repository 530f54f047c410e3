import type { Messages } from '@/shared/i18n'
import account from './en/account'
import common from './en/common'
import duty from './en/duty'
import entry from './en/entry'
import people from './en/people'
import plan from './en/plan'

const en: Messages = { ...common, ...entry, ...plan, ...duty, ...people, ...account }
export default en
