import vue from 'eslint-plugin-vue'
import ts from 'typescript-eslint'

// A desk feature may use the shared rooms, never another feature's inside; what the lists share lives in src/shared.
const features = ['home', 'plan', 'duty', 'people', 'ledger', 'campaign', 'entry']

export default ts.config(
  { ignores: ['dist', 'coverage', 'src/api/schema.d.ts', 'scripts'] },
  ...ts.configs.recommended,
  ...vue.configs['flat/essential'],
  {
    files: ['**/*.{ts,vue}'],
    languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: ['.vue'] } },
    rules: {
      'vue/multi-word-component-names': 'off', // Pages and parts are named by what they are: Chip, Icon, Login.
      'no-console': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },
  ...features.map((own) => ({
    files: [`src/desk/${own}/**/*.{ts,vue}`],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: features.filter((f) => f !== own).map((f) => ({ group: [`@/desk/${f}/*`, `../${f}/*`], message: 'Another feature\'s inside; move what both need to src/shared.' })) },
      ],
    },
  })),
)
