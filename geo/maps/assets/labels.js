// @ts-check
/* Names of places on the map. */
import { shorterForms } from "./abbreviations.js";
import { toLatLng } from "./shape_files.js";
import { FADED, circleScale, letterAt, radiusAt } from "./view.js";

/** @import { Span } from "./shape_files.js" */
/** @import { View } from "./view.js" */
/** @typedef {{ at: number, rank: number, forms: string[], radius: number, marker: L.Marker, text: HTMLElement }} Label */
/** The position of the place at a point of the map, if there is one. @typedef {(latlng: L.LatLng) => number | undefined} PlaceAt */

/* Where so few places are drawn of so much land, a name over another's area would be read as its own. */
const COUNTRY_SCALE = ["province", "regency"];

/* Pixels between a circle and its label. */
const GAP = 3;

/** The labels of a view, one for each place that has its shape by now; those that were there stay. */
class Labels {
  /** @param {L.Map} map @param {PlaceAt} placeAt */
  constructor(map, placeAt) {
    this.map = map;
    this.placeAt = placeAt;
    this.keepInside = false;
    /** @type {Map<number, Label>} */
    this.labels = new Map();
  }

  clear() {
    for (const { marker } of this.labels.values()) marker.remove();
    this.labels.clear();
  }

  /** @param {View} view @param {Span[]} spans */
  show(view, spans) {
    const ranks = new Map(view.labels.map((at, rank) => [at, rank]));
    this.keepInside = COUNTRY_SCALE.includes(view.level);
    for (const span of ranks.size ? spans : []) {
      for (let i = span.from, at = span.at; i < span.to; i++, at++) {
        const rank = ranks.get(at);
        if (rank !== undefined && !this.labels.has(at)) this.labels.set(at, this.draw(view, span, i, at, rank));
      }
    }
    this.arrange();
  }

  /** @param {View} view @param {Span} span @param {number} i @param {number} at @param {number} rank @returns {Label} */
  draw(view, { shapes }, i, at, rank) {
    const text = document.createElement("span");
    const icon = L.divIcon({ className: "jangkau-label", html: text, iconSize: undefined });
    const where = toLatLng(shapes.pointX[i], shapes.pointY[i]);
    const marker = L.marker(where, { icon, interactive: false, keyboard: false }).addTo(this.map);
    const radius = letterAt(view.classes, at) < FADED ? radiusAt(view, at) : 0;
    return { at, rank, forms: shorterForms(shapes.names[i]), radius, marker, text };
  }

  /**
   * Gives each label the longest form of its name that has room below or above its circle, the most
   * important first; none is over another label or cut by the edge of the map.
   */
  arrange() {
    /** @type {DOMRect[]} */
    const taken = [];
    const frame = this.map.getContainer().getBoundingClientRect(), scale = circleScale(this.map.getSize().x);
    for (const label of [...this.labels.values()].sort((a, b) => a.rank - b.rank)) {
      const { forms, text, radius } = label;
      const away = radius * scale + GAP;
      const fitting = forms.some((form) => [away, -away].some((offset) => {
        text.textContent = form;
        text.style.transform = `translate(-50%, ${offset < 0 ? `calc(${offset}px - 100%)` : `${offset}px`})`;
        const box = text.getBoundingClientRect();
        return box.left >= frame.left && box.right <= frame.right && !taken.some((other) => overlap(box, other)) &&
          (!this.keepInside || this.isInside(label, box, frame));
      }));
      text.style.visibility = fitting ? "visible" : "hidden";
      if (fitting) taken.push(text.getBoundingClientRect());
    }
  }

  /** Whether a label lies over no other place than its own. @param {Label} label @param {DOMRect} box @param {DOMRect} frame */
  isInside({ at }, box, frame) {
    const middle = (box.left + box.right) / 2;
    return [box.top, box.bottom].every((y) => [box.left, middle, box.right].every((x) => {
      const place = this.placeAt(this.map.containerPointToLatLng([x - frame.left, y - frame.top]));
      return place === undefined || place === at;
    }));
  }
}

/** @param {DOMRect} a @param {DOMRect} b */
function overlap(a, b) {
  return a.right >= b.left && a.left <= b.right && a.bottom >= b.top && a.top <= b.bottom;
}

export { Labels };
