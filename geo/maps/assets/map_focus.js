// @ts-check
/* Where the map looks: at the area of a view, and again after a resize until the first pan or zoom. */

/** @import { View } from "./view.js" */

const EDGE = 12;
/* Steps that the whole area can be zoomed out from, so that it never becomes a dot. */
const STEPS_OUT = 2;

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
    map.setMinZoom(0);
    map.fitBounds(this.bounds, { paddingTopLeft: [EDGE, EDGE], paddingBottomRight: panelSize(size), animate: false });
    map.setMinZoom(Math.max(map.getZoom() - STEPS_OUT, 0));
  }

  /** The zoom that an area will be shown at. @param {L.LatLngBounds} bounds */
  zoomOf(bounds) {
    const { map } = this, least = map.options.minZoom;
    /* The area before must not limit how far out a larger one is shown. */
    map.options.minZoom = 0;
    const zoom = map.getBoundsZoom(bounds, false, L.point(2 * EDGE, 2 * EDGE));
    map.options.minZoom = least;
    return zoom;
  }

  watchSize() {
    const box = this.map.getContainer();
    const moved = () => { this.moved = true; };
    /* As far out as it goes, the wheel scrolls the page. */
    const pass = (/** @type {WheelEvent} */ event) => {
      if (event.deltaY > 0 && this.map.getZoom() <= this.map.getMinZoom()) event.stopImmediatePropagation();
    };
    box.addEventListener("wheel", pass, { capture: true, passive: true });
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
