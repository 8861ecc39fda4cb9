/** For tools that do not read .vue files themselves; vue-tsc sees the real types. */
declare module '*.vue' {
  import type { DefineComponent } from 'vue';
  const component: DefineComponent;
  export default component;
}
