// Counts frames, DOM updates by pushes, changed attributes and replaced pictures of the wall.
window.work = { frames: 0, flushes: 0, changes: 0, renewed: 0, gaps: [] };
const frame = () => {
  window.work.frames += 1;
  requestAnimationFrame(frame);
};
requestAnimationFrame(frame);
// Only attributes that pushes change; displayed ages also change every second.
new MutationObserver((changes) => {
  window.work.flushes += 1;
  window.work.changes += changes.length;
}).observe(document, {
  subtree: true,
  attributes: true,
  attributeFilter: ['data-capture', 'data-answered', 'data-state'],
});
// Records a gap when a picture is replaced by one that has not loaded yet.
new MutationObserver((changes) => {
  for (const { target } of changes) {
    if (!(target instanceof Element) || !target.matches('.frame')) continue;
    window.work.renewed += 1;
    if (!target.querySelector('img')?.naturalWidth) window.work.gaps.push(target.outerHTML);
  }
}).observe(document, { subtree: true, childList: true });
