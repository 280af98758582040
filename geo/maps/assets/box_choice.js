// @ts-check
/* A button on the map to draw a box, which chooses the villages inside. */

/* Pixels below which a box is a slip of the finger. */
const LEAST = 6;

/** The button and the box; `tell` gets [[south, west], [north, east]]. */
class BoxChoice {
  /** @param {L.Map} map @param {(box: [number, number][]) => void} tell */
  constructor(map, tell) {
    this.map = map;
    this.tell = tell;
    this.on = false;
    /** Whether the map was moved by dragging before a box is drawn: a finger scrolls the page instead. */
    this.drags = map.dragging.enabled();
    /** @type {L.Point | undefined} */
    this.start = undefined;
    /** @type {L.Rectangle | undefined} */
    this.rectangle = undefined;
    this.button = L.DomUtil.create("a", "jangkau-box");
    this.addButton();
    const box = map.getContainer();
    box.addEventListener("pointerdown", (event) => this.begin(event), { capture: true });
    box.addEventListener("pointermove", (event) => this.move(event));
    box.addEventListener("pointerup", (event) => this.end(event));
    box.addEventListener("keydown", (event) => { if (event.key === "Escape") this.turn(false); });
  }

  addButton() {
    const control = new L.Control({ position: "topleft" });
    const bar = L.DomUtil.create("div", "leaflet-bar");
    Object.assign(this.button, { href: "#", textContent: "▭", role: "button" });
    bar.append(this.button);
    L.DomEvent.disableClickPropagation(bar);
    control.onAdd = () => bar;
    control.addTo(this.map);
    this.button.onclick = (event) => { event.preventDefault(); this.turn(!this.on); };
  }

  /** Names the button. @param {string} words */
  name(words) {
    this.button.title = words;
    this.button.setAttribute("aria-label", words);
  }

  /** @param {boolean} on */
  turn(on) {
    if (on && !this.on) this.drags = this.map.dragging.enabled();
    this.on = on;
    this.start = undefined;
    this.button.setAttribute("aria-pressed", String(on));
    this.map.getContainer().classList.toggle("jangkau-drawing", on);
    if (on) this.map.dragging.disable();
    else if (this.drags) this.map.dragging.enable();
    this.rectangle?.remove();
    this.rectangle = undefined;
  }

  /** @param {PointerEvent} event */
  begin(event) {
    if (!this.on || (event.target instanceof Node && this.button.contains(event.target))) return;
    this.start = this.map.mouseEventToContainerPoint(event);
    this.map.getContainer().setPointerCapture(event.pointerId);
  }

  /** @param {PointerEvent} event */
  move(event) {
    if (!this.start) return;
    const bounds = this.boundsTo(this.start, event);
    const style = { color: "#0F766E", weight: 2, fillOpacity: 0.08, interactive: false };
    if (this.rectangle) this.rectangle.setBounds(bounds);
    else this.rectangle = L.rectangle(bounds, style).addTo(this.map);
  }

  /** @param {L.Point} start @param {PointerEvent} event */
  boundsTo(start, event) {
    const corner = (/** @type {L.Point} */ point) => this.map.containerPointToLatLng(point);
    return L.latLngBounds(corner(start), corner(this.map.mouseEventToContainerPoint(event)));
  }

  /** @param {PointerEvent} event */
  end(event) {
    if (!this.start) return;
    const isBox = this.start.distanceTo(this.map.mouseEventToContainerPoint(event)) >= LEAST;
    const bounds = this.boundsTo(this.start, event);
    /* The click that follows is the end of the box, and means no place. */
    const stop = (/** @type {Event} */ click) => { click.stopPropagation(); };
    const box = this.map.getContainer();
    box.addEventListener("click", stop, { capture: true, once: true });
    setTimeout(() => box.removeEventListener("click", stop, { capture: true }), 0);
    this.turn(false);
    if (isBox) this.tell([[bounds.getSouth(), bounds.getWest()], [bounds.getNorth(), bounds.getEast()]]);
  }
}

export { BoxChoice };
