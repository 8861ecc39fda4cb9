import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import vue from 'eslint-plugin-vue';
import a11y from 'eslint-plugin-vuejs-accessibility';
import globals from 'globals';
import ts from 'typescript-eslint';
import floor from './floor/eslintPlugin.js';

const PAGES = ['exam', 'phone', 'console', 'help', 'api-docs'];

/** Parts of the console that know nothing of each other; its pages put them together. */
const FEATURES = [
  'admin',
  'candidate',
  'evidence',
  'identity',
  'layout',
  'messaging',
  'phone-status',
  'replay',
  'review',
  'rooms',
  'sign-in',
  'support',
  'wall',
];
const LAYERS = ['model', 'ui', 'room'];

/** A browser may refuse its storage: one module takes care of that. */
const STORAGE = ['localStorage', 'sessionStorage'];
const STORAGE_MESSAGE = 'Use shared/storage.ts: it works where the browser keeps nothing.';
const RESTRICTED_GLOBALS = STORAGE.map((name) => ({ name, message: STORAGE_MESSAGE }));
const RESTRICTED_PROPERTIES = STORAGE.flatMap((property) =>
  ['window', 'globalThis', 'self'].map((object) => ({
    object,
    property,
    message: STORAGE_MESSAGE,
  })),
);
/** Every time is shown with its zone where the exam's is another. */
const RESTRICTED_SYNTAX = [
  {
    selector:
      'MemberExpression[property.name=/^(toLocaleString|toLocaleDateString|toLocaleTimeString|DateTimeFormat)$/]',
    message: 'Use shared/time.ts: it says the zone where it is not the exam’s.',
  },
];

/** What the pages use where the browser has it, and do without where it has not. */
const OPTIONAL_APIS = [
  // An iPhone of 15.4 shows no console worth dragging in.
  'MouseEvent.movementX',
  'MouseEvent.movementY',
  // Without it the screen goes dark, and the phone's page says so.
  'Navigator.wakeLock',
  'WakeLock.request',
  'WakeLockSentinel.release',
  // Asked for within `try`: how much space there is stays unknown.
  'StorageManager.estimate',
  // exam/recording/screenShare.ts says so where no screen can be shared.
  'MediaDevices.getDisplayMedia',
  // Where it cannot be asked, the button asks again.
  'Navigator.permissions',
  'Permissions.query',
  'PermissionStatus.state',
  'PermissionStatus.change_event',
  // Other browsers play within the page anyway.
  'HTMLVideoElement.playsInline',
  // exam/page-lock/fullscreen.ts knows Safari's older names.
  'Document.fullscreenEnabled',
  'Document.fullscreenElement',
  'Document.exitFullscreen',
  'Element.requestFullscreen',
  // shared/calls/peer.ts follows ICE's state instead.
  'RTCPeerConnection.connectionState',
  'RTCPeerConnection.connectionstatechange_event',
];

const except = (names, own) => names.filter((name) => name !== own);
const restrict = (folder, patterns) => ({
  files: [`${folder}/**/*.{ts,vue}`],
  rules: { 'no-restricted-imports': ['error', { patterns }] },
});
const folders = (names, message) => ({ group: names.map((name) => `**/../${name}/**`), message });

/** A page imports its own files and `shared/`; `shared/` imports no page. */
const pagesApart = (from) =>
  folders(except(PAGES, from), 'Pages import shared/, never each other.');

/** A later configuration of a rule replaces an earlier one: what holds for all is said again. */
const consoleFolder = (folder, forbidden, message) =>
  restrict(`console/${folder}`, [pagesApart('console'), folders(forbidden, message)]);

/** Features build on room, ui and model; these build on those before them, and on no feature. */
const consoleFolders = [
  ...FEATURES.map((feature) =>
    consoleFolder(
      feature,
      [...except(FEATURES, feature), 'pages'],
      'Features import room/, ui/, model/ and shared/, never each other.',
    ),
  ),
  ...LAYERS.map((layer, index) =>
    consoleFolder(
      layer,
      [...FEATURES, 'pages', ...LAYERS.slice(index + 1)],
      'model/, ui/ and room/ import no feature, and none that builds on them.',
    ),
  ),
];

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
      'no-restricted-globals': ['error', ...RESTRICTED_GLOBALS],
      'no-restricted-properties': ['error', ...RESTRICTED_PROPERTIES],
      'no-restricted-syntax': ['error', ...RESTRICTED_SYNTAX],
    },
  },
  {
    files: ['**/*.{ts,vue}'],
    plugins: { floor },
    rules: { 'floor/new-api': ['error', OPTIONAL_APIS] },
  },
  { files: ['**/*.test.ts', '*.ts'], rules: { 'floor/new-api': 'off' } },
  { files: ['**/*.js'], ...ts.configs.disableTypeChecked },
  { files: ['shared/time.ts', '**/*.test.ts'], rules: { 'no-restricted-syntax': 'off' } },
  ...[...PAGES, 'shared'].map((page) => restrict(page, [pagesApart(page)])),
  ...consoleFolders,
  prettier,
);
