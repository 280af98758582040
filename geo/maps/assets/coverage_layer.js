// @ts-check
/* Shows views of places on a Leaflet map: `Jangkau.layer(view)` gives a layer that, added to a map,
 * has it show the view. */
import { BoxChoice } from "./box_choice.js";
import { CoverageCanvas } from "./coverage_canvas.js";
import { letPageScroll, measureForPrint, nameFrame } from "./host_page.js";
import { Labels } from "./labels.js";
import { Focus } from "./map_focus.js";
import { open, toLatLng } from "./shape_files.js";
import { decode } from "./shapes.js";
import { watchTheme } from "./theme.js";
import { figuresOf, tooltip, tooltipLines } from "./tooltips.js";

/** @import { Hit } from "./painting.js" */
/** @import { View } from "./view.js" */

/* Milliseconds that Leaflet waits for more of a wheel's steps before it zooms. */
const WHEEL_DEBOUNCE = 10;
/* Tiles lie over the fills and darken them by their lines and letters alone: colours stay the legend's. */
const TILES_PANE = "jangkau-tiles", TILES_DEPTH = 410;

/** What a map keeps from one view to the next: its canvas, tooltip, labels, tiles and notice. */
class Stage {
  /** @param {L.Map} map */
  constructor(map) {
    this.map = map;
    this.focus = new Focus(map);
    this.canvas = new CoverageCanvas().addTo(map);
    this.canvas.whenPainted = (complete) => this.painted(complete);
    this.canvas.whenFailed = (error) => this.fail(error);
    this.labels = new Labels(map, (latlng) => this.canvas.find(latlng)?.at);
    this.tip = L.tooltip({ className: "jangkau-tip", offset: [12, 0], opacity: 1 });
    /** The position of the place that the tooltip is about. @type {number | undefined} */
    this.tipAt = undefined;
    /** @type {View | undefined} */
    this.clicked = undefined;
    /** @type {L.TileLayer | undefined} */
    this.tiles = undefined;
    /** Draws boxes; a map in a page of its own has none. @type {BoxChoice | undefined} */
    this.box = undefined;
    /** The last move of a pointer that rests on the map. @type {PointerEvent | undefined} */
    this.resting = undefined;
    const notice = new L.Control({ position: "bottomleft" });
    this.notice = L.DomUtil.create("div", "jangkau-notice");
    notice.onAdd = () => this.notice;
    notice.addTo(map);
    map.attributionControl.setPrefix("Leaflet");
    this.watchPointer();
    new L.Control.Scale({ imperial: false, position: "bottomright" }).addTo(map);
    map.options.wheelDebounceTime = WHEEL_DEBOUNCE;
    map.createPane(TILES_PANE).style.zIndex = String(TILES_DEPTH);
    this.hint = letPageScroll(map);
    measureForPrint(map);
    watchTheme(() => this.canvas.refresh());
    map.on("mousemove", (event) => this.point(event.latlng));
    map.on("mouseout movestart zoomstart", () => this.point(null));
    map.on("click", (event) => this.click(event));
  }

  /** @param {View} view */
  show(view) {
    this.view = view;
    this.say(view.notice);
    this.setTiles(view.tiles);
    this.labels.clear();
    nameFrame(view);
    this.hint.textContent = view.words.touch;
    const box = this.map.getContainer();
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", view.title);
    nameButtons(this.map, view.zoom);
    if (window.Streamlit) this.box ??= new BoxChoice(this.map, (box) => tellPage({ box }));
    this.box?.name(view.box);
    this.focus.goTo(view.focus);
    performance.mark("jangkau-view");
    open(view.source).then(
      (files) => { if (this.view === view) this.canvas.show(view, files); },
      (error) => this.fail(error));
  }

  /** @param {string} text */
  say(text) {
    this.notice.textContent = text;
    this.notice.style.display = text ? "" : "none";
  }

  /** @param {unknown} error */
  fail(error) {
    console.error("Jangkau:", error);
    if (this.view) this.say([this.view.notice, this.view.words.failed].filter(Boolean).join(" · "));
  }

  /** @param {View["tiles"]} tiles */
  setTiles(tiles) {
    if (tiles && !this.tiles) {
      /* The host of tiles answers only who says where from; it learns the host, not the page. */
      this.tiles = L.tileLayer(tiles.url, {
        attribution: tiles.attribution, maxZoom: 19, referrerPolicy: "strict-origin", pane: TILES_PANE,
      }).addTo(this.map);
    }
    if (!tiles && this.tiles) {
      this.tiles.remove();
      this.tiles = undefined;
    }
  }

  /** Notes where a pointer that can rest (no finger) rests on the map, and not on a button of it. */
  watchPointer() {
    const box = this.map.getContainer();
    box.addEventListener("pointermove", (event) => {
      const onButton = event.target instanceof Element && event.target.closest(".leaflet-control");
      this.resting = event.pointerType !== "touch" && !onButton ? event : undefined;
    }, { passive: true });
    box.addEventListener("pointerleave", () => { this.resting = undefined; });
  }

  /** @param {boolean} complete */
  painted(complete) {
    const { canvas, labels, map, view } = this;
    if (!view) return;
    labels.show(view, canvas.spans);
    /* What is under a resting pointer is told anew. */
    this.tipAt = undefined;
    if (this.resting) this.point(map.mouseEventToLatLng(this.resting));
    if (!complete) return;
    const shown = view.classes.length - (view.classes.match(/ /g) ?? []).length;
    Object.assign(map.getContainer().dataset, { drawn: shown, chosen: view.selected });
    performance.mark("jangkau-painted");
  }

  /** @param {L.LatLng | null} latlng */
  point(latlng) {
    const place = latlng && this.view ? this.canvas.find(latlng) : null;
    this.canvas.point(place);
    this.map.getContainer().classList.toggle("jangkau-over-place", Boolean(place));
    if (!place || !latlng) return void this.tip.remove();
    this.tip.setLatLng(latlng);
    if (this.tipAt !== place.at || !this.tip.isOpen()) this.tell(place);
    keepInside(this.tip, this.map);
  }

  /** @param {Hit} place */
  tell(place) {
    const { view } = this;
    if (!view) return;
    const name = place.span.shapes.names[place.i], figures = figuresOf(view.values);
    const fillTip = () => {
      this.tip.setContent(tooltip(name, tooltipLines(view, figures.there, place.at)));
      keepInside(this.tip, this.map);
    };
    this.tipAt = place.at;
    fillTip();
    this.tip.openOn(this.map);
    if (!figures.there) figures.reading.then(() => { if (this.view === view && this.tipAt === place.at) fillTip(); });
  }

  /** The second click of a double one zooms, and says nothing new of the same view. @param {L.LeafletMouseEvent} event */
  click({ latlng, originalEvent }) {
    const { view } = this, place = view && this.canvas.find(latlng);
    if (!place || (this.clicked === view && originalEvent.detail > 1)) return;
    this.clicked = view;
    /* Who taps has not pointed before. */
    this.point(latlng);
    tellPage({ code: place.span.shapes.codes[place.i] });
    if (window.Streamlit && view.level !== "village") this.fetchAhead(place);
  }

  /** The shapes of an area clicked are on their way while the page answers. @param {Hit} place */
  fetchAhead(place) {
    const [west, north, east, south] = place.span.shapes.boxes.subarray(place.i * 4, place.i * 4 + 4);
    const bounds = L.latLngBounds(toLatLng(west, south), toLatLng(east, north));
    this.canvas.fetchAhead(place, this.focus.zoomOf(bounds));
  }
}

/** Moves a tooltip so far that neither side of the map cuts it. @param {L.Tooltip} tip @param {L.Map} map */
function keepInside(tip, map) {
  const element = tip.getElement();
  if (!element) return;
  element.style.marginLeft = "";
  const box = element.getBoundingClientRect(), frame = map.getContainer().getBoundingClientRect();
  const shift = Math.max(frame.left - box.left, 0) - Math.max(box.right - frame.right, 0);
  if (shift) element.style.marginLeft = `${parseFloat(getComputedStyle(element).marginLeft) + shift}px`;
}

/** @param {L.Map} map @param {View["zoom"]} words */
function nameButtons(map, words) {
  [".leaflet-control-zoom-in", ".leaflet-control-zoom-out"].forEach((selector, i) => {
    const button = map.getContainer().querySelector(selector);
    button?.setAttribute("title", words[i]);
    button?.setAttribute("aria-label", words[i]);
  });
}

/**
 * Tells the page of a click at once, not after the quarter of a second that streamlit-folium waits for
 * more; what it remembers is set too, or it would tell the same again. The number makes a repeated
 * click a new one. A map in a page of its own tells nobody.
 * @param {{ code: string } | { box: [number, number][] }} facts
 */
function tellPage(facts) {
  if (!window.Streamlit) return;
  const told = { last_active_drawing: { ...facts, click: Date.now() } };
  Object.assign(window.__GLOBAL_DATA__, told, { previous_data: told });
  window.Streamlit.setComponentValue(told);
}

/** @type {WeakMap<L.Map, Stage>} */
const stages = new WeakMap();

/** @param {L.Map} map */
function stageOf(map) {
  const stage = stages.get(map) ?? new Stage(map);
  stages.set(map, stage);
  return stage;
}

/** The stage stays on the map from one view to the next; the layer of a view only brings it. */
class ViewLayer extends L.Layer {
  /** @param {View} view */
  constructor(view) {
    super();
    this.view = view;
  }

  /** @param {L.Map} map */
  onAdd(map) {
    stageOf(map).show(this.view);
    return this;
  }

  onRemove() {
    return this;
  }
}

/* What Folium's script, tests and benchmarks call. */
window.Jangkau = { decode, layer: (/** @type {View} */ view) => new ViewLayer(view), stageOf, toLatLng, tooltipLines };
