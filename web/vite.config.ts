import vue from '@vitejs/plugin-vue'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'

const server = process.env.CHENGJING_SERVER ?? 'http://127.0.0.1:8080'

/** Writes the service worker with the names of the files that it keeps; charts are not among them. */
const worker = (): Plugin => ({
  name: 'worker',
  apply: 'build',
  generateBundle(_, bundle) {
    const kept = Object.keys(bundle).filter((name) => /\.(js|css)$/.test(name) && (bundle[name]!.type === 'asset' || (bundle[name] as { code: string }).code.length < 300_000))
    const files = kept.map((name) => `/${name}`).sort()
    const version = createHash('sha256').update(files.join()).digest('hex').slice(0, 12)
    const source = readFileSync(new URL('./src/offline/worker.js', import.meta.url), 'utf8').replace("'__VERSION__'", () => JSON.stringify(version)).replace("['__FILES__']", () => JSON.stringify(files))
    this.emitFile({ type: 'asset', fileName: 'sw.js', source })
  },
})

/** Lays the one part of the reader of PDF beside the app that the reader asks for by its name. It stands behind `worker`, since
 * no device keeps it. */
const decoder = (): Plugin => ({
  name: 'decoder',
  apply: 'build',
  generateBundle() {
    const name = 'openjpeg_nowasm_fallback.js'
    this.emitFile({ type: 'asset', fileName: `pdf/${name}`, source: readFileSync(new URL(`./node_modules/pdfjs-dist/wasm/${name}`, import.meta.url)) })
  },
})

export default defineConfig({
  plugins: [vue(), worker(), decoder()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  define: { __VUE_OPTIONS_API__: false, __VUE_PROD_DEVTOOLS__: false, __INTLIFY_PROD_DEVTOOLS__: false, __VUE_I18N_LEGACY_API__: false, __VUE_I18N_FULL_INSTALL__: false, __INTLIFY_DROP_MESSAGE_COMPILER__: true },
  server: { host: '127.0.0.1', port: 5173, proxy: { '/api': server } },
  preview: { host: '127.0.0.1', port: 4173, proxy: { '/api': server } },
  build: {
    target: ['chrome105', 'firefox110', 'safari16'],
    // Inline data: images would need a wider content security policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
  },
  test: { environment: 'happy-dom', include: ['src/**/*.test.ts'], setupFiles: ['src/testing/words.ts'] },
})
