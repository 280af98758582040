// @ts-check
/* A view's places as a Leaflet layer of our own: three canvases that lie on each other (painting.js).
 *
 * A view and its Files are given by show(); a change of colours paints again from the shapes that are
 * there. While a zoom is animated the picture before grows, and the one after is painted aside.
 */
import { outsideOf, paintFills, paintLines, paintPointed } from "./painting.js";
import { find, related } from "./shape_files.js";
import { toX, toY } from "./shapes.js";
import { readTheme } from "./theme.js";
import { LEVELS, letterAt } from "./view.js";

/** @import { Files, Span } from "./shape_files.js" */
/** @import { Frame } from "./coverage_paths.js" */
/** @import { Brush, Drawn, Hit, Scene } from "./painting.js" */
/** @import { View } from "./view.js" */

/* Painted beyond each edge of the map, as part of its size, so that a pan shows no blank. */
const MARGIN = 0.2;
/* How far beside a place a pointer may be and still mean it, in pixels. */
const REACH = 4;
/* What is there of a view is shown when nothing more has come for so many milliseconds, or after so
 * many in any case. */
const LATE = 300, LATEST = 1500;
const CRS = L.CRS.EPSG3857;

/** Where a picture is painted. @typedef {{ fills: Brush, lines: Brush }} Sheet */
/** A scene on its sheet; whether all shapes for it were there. @typedef {{ scene: Scene, sheet: Sheet, complete: boolean }} Picture */

class CoverageCanvas extends L.Layer {
  constructor() {
    super();
    this.holder = L.DomUtil.create("div", "jangkau-canvas leaflet-zoom-animated");
    /** What is seen, and what is painted aside. */
    this.sheet = sheetOf();
    this.spare = sheetOf();
    this.overlay = brushOf("pointed");
    this.holder.append(this.sheet.fills.canvas, this.sheet.lines.canvas, this.overlay.canvas);
    /** What is asked for. @type {{ view: View, files: Files } | undefined} */
    this.wanted = undefined;
    /** What is seen. @type {Scene | undefined} */
    this.scene = undefined;
    this.complete = false;
    /** What will be seen when the zoom has ended. @type {Picture | undefined} */
    this.ahead = undefined;
    /** @type {Hit | null} */
    this.pointed = null;
    /** When what is there of a view is due, in milliseconds; 0 once something of it is painted. */
    this.due = 0;
    this.overdue = this.zooming = false;
    this.late = this.waiting = 0;
    /** @type {(complete: boolean) => void} */
    this.whenPainted = () => {};
    /** @type {(error: unknown) => void} */
    this.whenFailed = () => {};
  }

  /** @param {L.Map} map */
  onAdd(map) {
    this.getPane()?.append(this.holder);
    map.on("moveend resize", this.move, this).on("zoomanim", this.animate, this);
    map.on("zoom", this.follow, this).on("zoomend", this.settle, this);
    return this;
  }

  getContainer() {
    return this.holder;
  }

  /** @returns {Span[]} */
  get spans() {
    return this.scene?.spans ?? [];
  }

  /** @param {View} view @param {Files} files */
  show(view, files) {
    this.wanted = { view, files };
    this.ahead = undefined;
    this.due = performance.now() + LATEST;
    this.overdue = false;
    /* Files are on their way before the next frame begins. */
    if (this._map.getSize().x) this.piecesDrawn(this.layOut());
    this.refresh();
  }

  refresh() {
    clearTimeout(this.late);
    this.late = 0;
    if (this.waiting) return;
    this.waiting = requestAnimationFrame(() => {
      this.waiting = 0;
      this.paint();
    });
  }

  /** Paints a file that is there when it was the last, or when the next is slow to come. */
  arrive() {
    if (this.wanted?.files.reading) this.await();
    else this.refresh();
  }

  /** Until something of the view is painted it has a time when what is there is due. */
  await() {
    clearTimeout(this.late);
    const left = this.due ? this.due - performance.now() : LATE;
    this.late = window.setTimeout(() => {
      this.overdue = true;
      this.refresh();
    }, Math.min(LATE, left));
  }

  /** Paints again, unless what is seen is what would be painted. */
  move() {
    const { complete, scene, wanted } = this;
    if (!scene || !complete || scene.view !== wanted?.view || !isSame(scene.frame, this.layOut())) this.refresh();
  }

  /**
   * While Leaflet animates a zoom, what is seen is moved and scaled along. Leaflet itself has the new
   * zoom at once: the picture after is painted as soon as the animation is on its way.
   * @param {L.ZoomAnimEvent} event
   */
  animate(event) {
    this.zooming = true;
    this.ahead = undefined;
    this.transform(event.center, event.zoom);
    requestAnimationFrame(() => setTimeout(() => {
      if (this.zooming) this.ahead = this.draw(this.layOut(), this.spare);
    }));
  }

  follow() {
    if (!this.zooming) this.transform(this._map.getCenter(), this._map.getZoom());
  }

  settle() {
    const { ahead } = this;
    this.zooming = false;
    this.ahead = undefined;
    const fits = ahead && isSame(ahead.scene.frame, this.layOut());
    if (fits) {
      [this.spare, this.sheet] = [this.sheet, this.spare];
      this.spare.fills.canvas.replaceWith(this.sheet.fills.canvas);
      this.spare.lines.canvas.replaceWith(this.sheet.lines.canvas);
      this.present(ahead);
    }
    if (!fits || !ahead.complete) this.refresh();
  }

  /** @param {L.LatLng} center @param {number} zoom */
  transform(center, zoom) {
    if (!this.scene) return;
    const map = this._map, { frame } = this.scene;
    const half = map.getSize().divideBy(2), pane = L.DomUtil.getPosition(/** @type {HTMLElement} */ (map.getPane("mapPane")));
    const origin = map.project(center, zoom).subtract(half).add(pane).round();
    const growth = CRS.scale(zoom) / frame.scale;
    L.DomUtil.setTransform(this.holder, L.point(frame.left, frame.top).multiplyBy(growth).subtract(origin), growth);
  }

  /** What part of the world is painted, and how it comes to pixels. @returns {Frame} */
  layOut() {
    const map = this._map, size = map.getSize(), zoom = map.getZoom(), scale = CRS.scale(zoom);
    const { x: left, y: top } = map.getPixelOrigin().add(map.containerPointToLayerPoint(size.multiplyBy(-MARGIN)).round());
    const width = Math.ceil(size.x * (1 + 2 * MARGIN)), height = Math.ceil(size.y * (1 + 2 * MARGIN));
    const box = { west: left / scale, north: top / scale, east: (left + width) / scale, south: (top + height) / scale };
    const ratio = window.devicePixelRatio || 1;
    return { zoom, scale, left, top, width, height, box, ratio, mapWidth: size.x };
  }

  paint() {
    const { wanted, _map: map } = this;
    if (!wanted || this.zooming || !map.getSize().x) return;
    const picture = this.draw(this.layOut(), this.sheet);
    if (picture) this.present(picture);
    else this.standBy();
  }

  /**
   * Paints the view in a frame, if there is something of it or it is due.
   * @param {Frame} frame @param {Sheet} sheet @returns {Picture | undefined}
   */
  draw(frame, sheet) {
    const { wanted } = this;
    if (!wanted) return undefined;
    const drawn = this.piecesDrawn(frame), { pieces, complete } = drawn;
    if (!complete && (!pieces.length || (this.due && !this.overdue))) return undefined;
    this.due = 0;
    this.overdue = false;
    const spans = this.spansOf(drawn), piecesOf = this.piecesIn(frame);
    const scene = { view: wanted.view, theme: readTheme(), frame, drawn, spans, piecesOf };
    paintFills(clear(sheet.fills, frame), scene);
    return { scene, sheet, complete: paintLines(clear(sheet.lines, frame), scene) && complete };
  }

  /** Shows a picture, which is on the sheet that is seen. @param {Picture} picture */
  present({ scene, complete }) {
    L.DomUtil.setPosition(this.holder, L.point(scene.frame.left, scene.frame.top).subtract(this._map.getPixelOrigin()));
    this.scene = scene;
    this.complete = complete;
    this.pointed = null;
    this.paintPointed();
    this.whenPainted(complete);
  }

  /** @param {Drawn} drawn @returns {Span[]} */
  spansOf({ pieces }) {
    const { wanted } = this;
    try {
      return wanted ? pieces.flatMap((piece) => wanted.files.spans(piece, wanted.view.parts)) : [];
    } catch (error) {
      this.whenFailed(error);
      return [];
    }
  }

  /** What was painted before stays, moved along, until there is something of the view. */
  standBy() {
    if (this.due && !this.overdue) this.await();
    this.overdue = false;
    if (this.scene) this.scene.spans = [];
    this.paintPointed();
  }

  /** @param {Frame} frame @returns {Drawn} */
  piecesDrawn(frame) {
    const { level, parts } = /** @type {{ view: View }} */ (this.wanted).view;
    return this.piecesIn(frame)(level, (area) => parts.some(([prefix]) => related(prefix, area)));
  }

  /**
   * Asks for the shapes of a place about to be shown at a zoom: of its parts, and around it.
   * @param {Hit} place @param {number} zoom
   */
  fetchAhead({ span: { shapes }, i }, zoom) {
    const { wanted } = this, within = shapes.codes[i];
    if (!wanted) return;
    const [west, north, east, south] = shapes.boxes.subarray(i * 4, i * 4 + 4), x = (west + east) / 2, y = (north + south) / 2;
    const half = this._map.getSize().multiplyBy((0.5 + MARGIN) / CRS.scale(zoom)), { level } = wanted.view;
    const box = { west: x - half.x, north: y - half.y, east: x + half.x, south: y + half.y };
    const come = () => { if (this.wanted?.view.within === within) this.arrive(); };
    const ask = (/** @type {string} */ of, /** @type {(area: string) => boolean} */ isWanted) =>
      wanted.files.pieces(of, zoom, box, isWanted, come, come);
    ask(level, outsideOf(within, ask(LEVELS[LEVELS.indexOf(level) + 1], (area) => related(within, area))));
  }

  /** How shapes are asked for in a frame. @param {Frame} frame @returns {Scene["piecesOf"]} */
  piecesIn({ box, zoom }) {
    const { files } = /** @type {{ files: Files }} */ (this.wanted);
    const loaded = () => this.arrive(), failed = (/** @type {unknown} */ error) => this.fail(error);
    return (level, wanted) => files.pieces(level, zoom, box, wanted, loaded, failed);
  }

  /** What is there is painted all the same; where nothing is, nothing old stays. @param {unknown} error */
  fail(error) {
    if (this.due && !this.wanted?.files.reading) {
      this.due = 0;
      this.refresh();
    } else if (!this.due && this.scene && !this.scene.spans.length) {
      clear(this.sheet.fills, this.scene.frame);
      clear(this.sheet.lines, this.scene.frame);
    }
    this.whenFailed(error);
  }

  /** The place at a point of the map. @param {L.LatLng} latlng @returns {Hit | null} */
  find(latlng) {
    if (!this.scene) return null;
    const x = toX(latlng.lng), y = toY(latlng.lat), { frame, spans, view } = this.scene;
    /** @type {Hit | null} */
    let best = null;
    for (const span of spans) {
      const hit = find(span, x, y, REACH / frame.scale);
      if (!hit || (best && best.nearest <= hit.nearest)) continue;
      const at = span.at + hit.i - span.from;
      if (letterAt(view.classes, at) >= 0) best = { ...hit, span, at };
    }
    return best;
  }

  /** @param {Hit | null} place */
  point(place) {
    if (this.pointed === place || (this.pointed && place && this.pointed.at === place.at)) return;
    this.pointed = place;
    this.paintPointed();
  }

  paintPointed() {
    const { overlay, pointed, scene } = this;
    if (!scene || (!pointed && !overlay.canvas.width)) return;
    clear(overlay, scene.frame);
    if (pointed) paintPointed(overlay, scene.frame, pointed);
  }
}

/** Whether two frames show the same in the same place. @param {Frame} a @param {Frame} b */
function isSame(a, b) {
  return a.zoom === b.zoom && a.left === b.left && a.top === b.top && a.width === b.width && a.height === b.height && a.ratio === b.ratio;
}

/** @returns {Sheet} */
function sheetOf() {
  return { fills: brushOf("fills"), lines: brushOf("lines") };
}

/** A canvas of no size, which costs nothing. @param {string} name @returns {Brush} */
function brushOf(name) {
  const canvas = L.DomUtil.create("canvas", `jangkau-${name}`);
  canvas.setAttribute("aria-hidden", "true");
  canvas.width = canvas.height = 0;
  /* In memory, not on the graphics card: large paths are slower there, and look different. */
  return /** @type {Brush} */ (canvas.getContext("2d", { willReadFrequently: true }));
}

/** An empty canvas of the frame's size. @param {Brush} brush @param {Frame} frame */
function clear(brush, { width, height, ratio }) {
  const { canvas } = brush, wide = Math.round(width * ratio), high = Math.round(height * ratio);
  if (canvas.width !== wide || canvas.height !== high) {
    canvas.width = wide;
    canvas.height = high;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  brush.setTransform(1, 0, 0, 1, 0, 0);
  brush.clearRect(0, 0, wide, high);
  brush.setTransform(ratio, 0, 0, ratio, 0, 0);
  brush.lineJoin = "round";
  return brush;
}

export { CoverageCanvas };
