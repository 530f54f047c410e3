import { ref } from 'vue'
import { keep, kept } from '@/shared/keep'

export type Theme = 'system' | 'light' | 'dark'
const dark = matchMedia('(prefers-color-scheme: dark)')
const saved = kept('theme')

export const theme = ref<Theme>(saved === 'light' || saved === 'dark' ? saved : 'system')
export const isDark = ref(false)

function apply() {
  isDark.value = theme.value === 'dark' || (theme.value === 'system' && dark.matches)
  document.documentElement.dataset['theme'] = isDark.value ? 'dark' : 'light'
}

export function setTheme(next: Theme) {
  theme.value = next
  keep('theme', next === 'system' ? null : next)
  apply()
}

dark.addEventListener('change', apply)
apply()
