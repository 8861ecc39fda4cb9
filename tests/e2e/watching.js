// Notes, for each seat, when the console shows a new picture, and every flag it ever shows.
window.noted = { pictures: [], flags: [] };
const seatOf = (element) => element.closest('[data-testid="seat"]')?.dataset.session;
const known = new Set();
const note = () => {
  for (const tile of document.querySelectorAll('[data-testid="tile-first"][data-capture]')) {
    const id = tile.dataset.capture;
    if (id && !known.has(id)) {
      known.add(id);
      const session = seatOf(tile);
      window.noted.pictures.push({ session, capturedAt: Number(id.split('-')[0]), shownAt: Date.now() });
    }
  }
  for (const flag of document.querySelectorAll('[data-testid="flag"]')) {
    window.noted.flags.push({ session: seatOf(flag), kind: flag.dataset.kind });
  }
};
new MutationObserver(note).observe(document, {
  subtree: true,
  childList: true,
  attributes: true,
  attributeFilter: ['data-capture'],
});
