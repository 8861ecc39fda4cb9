import { reactive } from 'vue';

/** Whether the support chat is open, and what stands in its field when it opens. */
export const support = reactive({ open: false, draft: '' });

/** Open the support chat from anywhere on the page; what was begun there already stays. */
export function openSupport(text: string): void {
  support.draft ||= text;
  support.open = true;
}
