// Tests stand behind the login: they have all the words that the desk has.
import { wholeLocale } from '@/shared/i18n'

await wholeLocale()
