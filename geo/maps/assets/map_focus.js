// @ts-check
/* Where the map looks: at the area of a view, and again after a resize until the first pan or zoom. */

/** @import { View } from "./view.js" */

const EDGE = 12;

/** Keeps a map at an area. Filters never move the map; going to another area does. */
class Focus {
  /** @param {L.Map} map */
  constructor(map) {
    this.map = map;
    /** @type {string | undefined} */
    this.key = undefined;
    /** @type {L.LatLngBoundsLiteral} */
    this.bounds = [];
    this.moved = false;
  }

  /** @param {View["focus"]} focus */
  goTo({ key, bounds }) {
    if (this.key === key) return;
    if (this.key === undefined) this.watchSize();
    Object.assign(this, { key, bounds, moved: false });
    this.fit();
  }

  /** Shows the whole area. A frame that is not laid out yet has no size, and no zoom would fit it. */
  fit() {
    const { map } = this;
    map.invalidateSize({ pan: false });
    const size = map.getSize();
    if (size.x <= 40 || size.y <= 40) return;
    map.fitBounds(this.bounds, { paddingTopLeft: [EDGE, EDGE], paddingBottomRight: panelSize(size), animate: false });
  }

  /** The zoom that an area will be shown at. @param {L.LatLngBounds} bounds */
  zoomOf(bounds) {
    return this.map.getBoundsZoom(bounds, false, L.point(2 * EDGE, 2 * EDGE));
  }

  watchSize() {
    const box = this.map.getContainer();
    const moved = () => { this.moved = true; };
    for (const kind of ["pointerdown", "wheel", "keydown"]) box.addEventListener(kind, moved, { passive: true });
    new ResizeObserver(() => void (this.moved ? this.map.invalidateSize() : this.fit())).observe(box);
  }
}

/**
 * What a page of its own covers with its panel: at the right, or on a narrow screen below.
 * @param {L.Point} size
 * @returns {[x: number, y: number]}
 */
function panelSize(size) {
  const panel = document.querySelector(".jk-panel");
  if (!(panel instanceof HTMLElement)) return [EDGE, EDGE];
  const below = panel.offsetWidth > size.x / 2;
  return below ? [EDGE, panel.offsetHeight + 3 * EDGE] : [panel.offsetWidth + 2 * EDGE, EDGE];
}

export { Focus };
