// Weighs what a browser fetches before somebody can sign in, packed as the server packs it, and fails beyond the budget.
//   node scripts/weigh.mjs      after `npm run build`
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

const BUDGET = 100_000
const dist = join(import.meta.dirname, '../dist')
const read = (file) => readFileSync(join(dist, file), 'utf8')

const page = read('index.html')
const linked = [...page.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map((m) => m[1])
const entry = linked.find((file) => /assets\/index-[^/]+\.js$/.test(file))
const code = read(entry)
// The router's `import('./Login-….js')` and the list of files that are fetched with it.
const login = code.match(/import\([`'"]\.\/(Login-[^`'"]+\.js)[`'"]\)\s*,\s*__vite__mapDeps\(\[([\d,]*)\]\)/)
const files = code.match(/m\.f\s*=\s*(\[[^\]]*\])/)
if (!login || !files) throw new Error('the login page is not found in the built app: has the bundler changed its ways?')
const withIt = JSON.parse(files[1].replaceAll('`', '"'))
const all = new Set(['index.html', ...linked, `assets/${login[1]}`, ...login[2].split(',').filter(Boolean).map((n) => withIt[Number(n)])])

let total = 0
for (const file of [...all].sort()) {
  const size = gzipSync(readFileSync(join(dist, file))).length
  total += size
  console.log(`${String(size).padStart(7)}  ${file}`)
}
console.log(`${String(total).padStart(7)}  of ${BUDGET} bytes before somebody can sign in`)
if (total > BUDGET) {
  console.error('the login page is too heavy; load what it does not need with the desk')
  process.exit(1)
}
