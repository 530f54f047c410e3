import common from './common'
import entry from './entry'

/** What is said before somebody has signed in, and on every page: it comes first, the rest with the desk. */
export default { ...common, ...entry }
