// Records when the console shows a new picture of each candidate, and all flags that it shows.
window.recorded = { pictures: [], flags: [] };
const sessionOf = (element) => element.closest('[data-testid="seat"]')?.dataset.session;
const captureIds = new Set();
const record = () => {
  for (const tile of document.querySelectorAll('[data-testid="tile-first"][data-capture]')) {
    const id = tile.dataset.capture;
    if (id && !captureIds.has(id)) {
      captureIds.add(id);
      const session = sessionOf(tile);
      const capturedAt = Number(id.split('-')[0]);
      window.recorded.pictures.push({ session, capturedAt, shownAt: Date.now() });
    }
  }
  for (const flag of document.querySelectorAll('[data-testid="flag"]')) {
    window.recorded.flags.push({ session: sessionOf(flag), kind: flag.dataset.kind });
  }
};
new MutationObserver(record).observe(document, {
  subtree: true,
  childList: true,
  attributes: true,
  attributeFilter: ['data-capture'],
});
