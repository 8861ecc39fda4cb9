// Counts a page's frames, and how often and where pushes changed the wall.
window.work = { frames: 0, flushes: 0, changes: 0, renewed: 0, gaps: [] };
const frame = () => {
  window.work.frames += 1;
  requestAnimationFrame(frame);
};
requestAnimationFrame(frame);
// Only what pushes change: ages go on every second by themselves.
new MutationObserver((changes) => {
  window.work.flushes += 1;
  window.work.changes += changes.length;
}).observe(document, {
  subtree: true,
  attributes: true,
  attributeFilter: ['data-capture', 'data-answered', 'data-state'],
});
// Between two pictures there is always one, whole.
new MutationObserver((changes) => {
  for (const { target } of changes) {
    if (!(target instanceof Element) || !target.matches('.frame')) continue;
    window.work.renewed += 1;
    if (!target.querySelector('img')?.naturalWidth) window.work.gaps.push(target.outerHTML);
  }
}).observe(document, { subtree: true, childList: true });
