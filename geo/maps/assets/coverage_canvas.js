// @ts-check
/* A view's places as a Leaflet layer of our own: three canvases that lie on each other (painting.js).
 *
 * A view and its Files are given by show(); a change of colours paints again from the shapes that are
 * there.
 */
import { outsideOf, paintFills, paintLines, paintPointed } from "./painting.js";
import { find, related } from "./shape_files.js";
import { toX, toY } from "./shapes.js";
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

class CoverageCanvas extends L.Layer {
  constructor() {
    super();
    this.holder = L.DomUtil.create("div", "jangkau-canvas leaflet-zoom-animated");
    const [fills, lines, pointed] = ["fills", "lines", "pointed"].map((name) => brushOf(name, this.holder));
    this.brushes = { fills, lines, pointed };
    /** What is asked for. @type {{ view: View, files: Files } | undefined} */
    this.wanted = undefined;
    /** What is painted. @type {Scene | undefined} */
    this.scene = undefined;
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
    map.on("moveend resize", this.refresh, this).on("zoomanim", this.animate, this);
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
    this.pointed = null;
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

  /** While Leaflet animates a zoom, what is painted is moved and scaled along. @param {L.ZoomAnimEvent} event */
  animate(event) {
    this.zooming = true;
    this.transform(event.center, event.zoom);
  }

  follow() {
    if (!this.zooming) this.transform(this._map.getCenter(), this._map.getZoom());
  }

  settle() {
    this.zooming = false;
    this.refresh();
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
    const corner = map.containerPointToLayerPoint(size.multiplyBy(-MARGIN)).round();
    const { x: left, y: top } = map.getPixelOrigin().add(corner);
    const width = Math.ceil(size.x * (1 + 2 * MARGIN)), height = Math.ceil(size.y * (1 + 2 * MARGIN));
    const box = { west: left / scale, north: top / scale, east: (left + width) / scale, south: (top + height) / scale };
    return { zoom, scale, left, top, corner, width, height, box, ratio: window.devicePixelRatio || 1 };
  }

  paint() {
    const { wanted, _map: map } = this;
    if (!wanted || this.zooming || !map.getSize().x) return;
    const frame = this.layOut(), drawn = this.piecesDrawn(frame), { pieces, complete } = drawn;
    if (!complete && (!pieces.length || (this.due && !this.overdue))) return void this.standBy();
    this.due = 0;
    this.overdue = false;
    L.DomUtil.setPosition(this.holder, frame.corner);
    const { view } = wanted, { fills, lines } = this.brushes;
    const scene = { view, frame, drawn, spans: this.spansOf(drawn), piecesOf: this.piecesIn(frame) };
    this.scene = scene;
    paintFills(clear(fills, frame), scene);
    const lined = paintLines(clear(lines, frame), scene);
    this.paintPointed();
    this.whenPainted(complete && lined);
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
      clear(this.brushes.fills, this.scene.frame);
      clear(this.brushes.lines, this.scene.frame);
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
    const { brushes: { pointed: brush }, pointed, scene } = this;
    if (!scene || (!pointed && !brush.canvas.width)) return;
    clear(brush, scene.frame);
    if (pointed) paintPointed(brush, scene.frame, pointed);
  }
}

/** A canvas of no size, which costs nothing. @param {string} name @param {HTMLElement} holder @returns {Brush} */
function brushOf(name, holder) {
  const canvas = L.DomUtil.create("canvas", `jangkau-${name}`, holder);
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
