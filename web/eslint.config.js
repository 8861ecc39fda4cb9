import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import vue from 'eslint-plugin-vue';
import a11y from 'eslint-plugin-vuejs-accessibility';
import globals from 'globals';
import ts from 'typescript-eslint';

const PAGES = ['exam', 'phone', 'console', 'help'];

/** A page imports its own files and `shared/`; `shared/` imports no page. */
const forbid = (from, others) => ({
  files: [`${from}/**/*.{ts,vue}`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            group: others.map((name) => `**/../${name}/**`),
            message: 'Pages import shared/, never each other.',
          },
        ],
      },
    ],
  },
});

export default ts.config(
  { ignores: ['dist/', 'node_modules/', 'shared/api/schema.ts'] },
  js.configs.recommended,
  ...ts.configs.strictTypeChecked,
  ...ts.configs.stylisticTypeChecked,
  ...vue.configs['flat/recommended'],
  ...a11y.configs['flat/recommended'],
  {
    languageOptions: {
      globals: globals.browser,
      parserOptions: {
        parser: ts.parser,
        projectService: true,
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.vue'],
      },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      'vue/block-order': ['error', { order: ['script', 'template', 'style'] }],
      'vue/define-macros-order': 'error',
      'vue/no-v-html': 'error',
      'vue/multi-word-component-names': 'off',
      // A label that wraps its field, or names it by `for`: both are right.
      'vuejs-accessibility/label-has-for': [
        'error',
        { required: { some: ['nesting', 'id'] }, controlComponents: [] },
      ],
      eqeqeq: 'error',
    },
  },
  { files: ['**/*.js'], ...ts.configs.disableTypeChecked },
  ...PAGES.map((page) =>
    forbid(
      page,
      PAGES.filter((other) => other !== page),
    ),
  ),
  forbid('shared', PAGES),
  prettier,
);
