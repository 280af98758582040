// @ts-check
/* Names of places on the map. */
import { toLatLng } from "./shape_files.js";
import { FADED, letterAt, radiusAt } from "./view.js";

/** @import { Shapes } from "./shapes.js" */
/** @import { Span } from "./shape_files.js" */
/** @import { View } from "./view.js" */
/** @typedef {{ rank: number, marker: L.Marker, text: HTMLElement }} Label */

/** The labels of a view, one for each place that has its shape by now; those that were there stay. */
class Labels {
  /** @param {L.Map} map */
  constructor(map) {
    this.map = map;
    /** @type {Map<number, Label>} */
    this.labels = new Map();
    map.on("moveend", () => this.arrange());
  }

  clear() {
    for (const { marker } of this.labels.values()) marker.remove();
    this.labels.clear();
  }

  /** @param {View} view @param {Span[]} spans */
  add(view, spans) {
    const { labels } = this, before = labels.size;
    const wanted = new Map(view.labels.map((at, rank) => [at, rank]));
    for (const span of wanted.size ? spans : []) {
      for (let i = span.from, at = span.at; i < span.to; i++, at++) {
        const rank = wanted.get(at);
        if (rank !== undefined && !labels.has(at)) labels.set(at, { rank, ...this.draw(view, span.shapes, i, at) });
      }
    }
    if (labels.size !== before) this.arrange();
  }

  /** @param {View} view @param {Shapes} shapes @param {number} i @param {number} at */
  draw(view, shapes, i, at) {
    const text = document.createElement("span");
    text.textContent = shapes.names[i];
    /* Under the circle, so that neither hides the other. */
    const circled = letterAt(view.classes, at) < FADED;
    text.style.marginTop = `${circled ? radiusAt(view, at) : 0}px`;
    const icon = L.divIcon({ className: "jangkau-label", html: text, iconSize: undefined });
    const where = toLatLng(shapes.pointX[i], shapes.pointY[i]);
    return { text, marker: L.marker(where, { icon, interactive: false, keyboard: false }).addTo(this.map) };
  }

  /** Keeps the more important of two labels that would overlap; none is cut by the edge of the map. */
  arrange() {
    /** @type {DOMRect[]} */
    const kept = [];
    const frame = this.map.getContainer().getBoundingClientRect();
    for (const { text } of [...this.labels.values()].sort((a, b) => a.rank - b.rank)) {
      const box = text.getBoundingClientRect(), cut = box.left < frame.left || box.right > frame.right;
      const free = !cut && !kept.some((other) => overlap(box, other));
      text.style.visibility = free ? "visible" : "hidden";
      if (free) kept.push(box);
    }
  }
}

/** @param {DOMRect} a @param {DOMRect} b */
function overlap(a, b) {
  return a.right >= b.left && a.left <= b.right && a.bottom >= b.top && a.top <= b.bottom;
}

export { Labels };
