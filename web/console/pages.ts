/** Pages besides the rooms, each fetched when it is first opened. */
import { defineAsyncComponent, type Component } from 'vue';
import type { Page } from './route';

export const PAGES: Record<Exclude<Page, 'rooms'>, Component> = {
  admin: defineAsyncComponent(() => import('./admin/AdminPage.vue')),
  staff: defineAsyncComponent(() => import('./accounts/StaffPage.vue')),
  account: defineAsyncComponent(() => import('./accounts/AccountPage.vue')),
  review: defineAsyncComponent(() => import('./review/ReviewPage.vue')),
  violations: defineAsyncComponent(() => import('./review/ViolationPage.vue')),
  replay: defineAsyncComponent(() => import('./replay/ReplayPage.vue')),
};
