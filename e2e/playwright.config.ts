import { defineConfig } from '@playwright/test'

// Stories by role against the real program, each file with a server and a folder of its own. No retries: a story that
// fails now and then has found something.
export default defineConfig({
  testDir: './stories',
  testMatch: '*.story.ts',
  // What hangs is found by the single waits. A whole story may take what a slow machine needs for it.
  timeout: 240_000,
  expect: { timeout: 20_000 },
  fullyParallel: false,
  // A browser waits as much as it works.
  workers: 2,
  retries: 0,
  reporter: [['list']],
  outputDir: './results',
  use: {
    browserName: 'chromium',
    viewport: { width: 1440, height: 900 },
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    actionTimeout: 20_000,
    screenshot: 'only-on-failure',
    // A colour on its way to another is neither, and axe may look just then.
    contextOptions: { reducedMotion: 'reduce' },
    launchOptions: {
      executablePath: process.env['CHENGJING_CHROMIUM'] ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    },
  },
})
