/* Shows views of places on a Leaflet map. Plain Leaflet API, no build step.
 *
 * Jangkau.layer(view) gives a layer that, added to a map, has it show a view, a plain object:
 *   source   where the shapes are: {url} of an index, or {index} inside the page (see shape_files.js)
 *   level    of the places drawn
 *   parts    [[prefix of codes, count of places], …]: whose places `classes` holds, in code order
 *   classes  a letter a place: its style counted from "0", from "P" where the filters leave it
 *            out (32 further); a blank where it is not shown
 *   styles   [{fill, pattern, words}, …]; from `states` on they are the special states
 *   faded    colour of places left out
 *   circles  a letter a place: its radius in steps (see RADII); "" for no circles
 *   labels   positions of the places to label, the most important first
 *   values   figures for tooltips: {url} or {data}; fetched when first needed
 *   words    templates of the tooltip's lines, number marks, notes on failures
 *   focus    {key, bounds}: the map moves there when, and only when, the key changes
 *   within   code of the area looked at: lines outside it are faint
 *   selected code of the place singled out, or ""
 *   tiles    {url, attribution} or null
 *   notice   text that stays on the map
 *   zoom     words of the two zoom buttons
 *   title    what the map is, for who cannot see it
 * All text becomes text nodes: a village called "<img …>" stays a name.
 */
(function () {
  "use strict";
  const FADED = 32, MOST_KEPT = 8, EDGE = 12;
  /* Letters of radii, from nothing to the largest: geo/maps/payload.py writes them. */
  const RADII = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_", LARGEST = 22;
  const figures = new Map();

  function line(text) {
    const row = document.createElement("div");
    row.textContent = text;
    return row;
  }

  function tooltip(name, lines) {
    const box = document.createElement("div");
    const title = document.createElement("strong");
    title.textContent = name;
    box.append(title, ...lines.map(line));
    return box;
  }

  /* Figures come once for a view: as an object, or inside the page as base64 of compressed JSON. */
  function figuresOf(values) {
    const key = values.url || values.data;
    if (!figures.has(key)) {
      const reading = values.url
        ? fetch(values.url).then((answer) => (answer.ok ? answer.json() : null))
        : window.JangkauPage.unpack(values.data).then((buffer) => JSON.parse(new TextDecoder().decode(buffer)));
      if (figures.size >= MOST_KEPT) figures.delete(figures.keys().next().value);
      const entry = { there: null };
      entry.reading = reading.then((found) => { entry.there = found; }, () => {});
      figures.set(key, entry);
    }
    return figures.get(key);
  }

  function formatCount(value, { group }) {
    return value < 0 ? "–" : String(value).replace(/\B(?=(\d{3})+$)/g, group);
  }

  /* Two digits after the mark, halves to the even digit: as the tables and files have it. */
  function formatRate(share, marks) {
    const [whole, digits = ""] = String(share * 100).split(".");
    const tail = digits.slice(2), cut = Number(whole + digits.slice(0, 2).padEnd(2, "0"));
    const text = String(cut + (tail > "5" || (tail === "5" && cut % 2) ? 1 : 0)).padStart(3, "0");
    return `${formatCount(text.slice(0, -2), marks)}${marks.decimal}${text.slice(-2)}\u00a0%`;
  }

  function fill(template, facts) {
    return template.replace(/\{(\w+)\}/g, (_, name) => facts[name]);
  }

  /* Lines of a place's tooltip; a state other than a class says itself first. */
  function tooltipLines(view, found, at) {
    const { words, styles, states } = view;
    const style = window.JangkauPaths.letterAt(view.classes, at) % FADED;
    if (!found) return [styles[style].words];
    const { enrolled, eligible, gap, known, passing, villages } = found, marks = words.marks;
    const count = (values) => formatCount(values[at], marks), lines = [];
    if (known && styles[style].pattern === "wide") lines.push(fill(words.known, { known: count(known), villages: count(villages) }));
    else if (style >= states) lines.push(styles[style].words);
    if (enrolled[at] >= 0 && eligible[at] > 0) lines.push(fill(words.rate, { rate: formatRate(enrolled[at] / eligible[at], marks) }));
    lines.push(fill(words.people, { enrolled: count(enrolled), eligible: count(eligible) }));
    if (gap[at] >= 0) lines.push(fill(words.gap, { gap: count(gap) }));
    if (passing) lines.push(fill(words.found, { found: count(passing), villages: count(villages) }));
    return lines;
  }

  /* What a map keeps from one view to the next: its canvas, tooltip, labels, tiles and notice. */
  function Stage(map) {
    this.map = map;
    this.canvas = new window.JangkauCanvas().addTo(map);
    this.canvas.on("painted", (event) => this.painted(event.complete));
    this.canvas.on("problem", (event) => this.fail(event.error));
    this.tip = L.tooltip({ className: "jangkau-tip", offset: [12, 0] });
    this.labels = new Map();
    this.notice = L.control({ position: "bottomleft" });
    this.notice.onAdd = () => L.DomUtil.create("div", "jangkau-notice");
    this.notice.addTo(map);
    map.attributionControl.setPrefix("Leaflet");
    this.watchPointer();
    map.on("mousemove", (event) => this.point(event.latlng));
    map.on("mouseout movestart zoomstart", () => this.point(null));
    map.on("click", (event) => this.click(event));
    map.on("moveend", () => this.arrangeLabels());
  }

  Stage.prototype.show = function (view) {
    this.view = view;
    this.say(view.notice);
    this.setTiles(view.tiles);
    this.clearLabels();
    this.point(null);
    this.map.getContainer().setAttribute("aria-label", view.title);
    nameButtons(this.map, view.zoom);
    goTo(this.map, view.focus);
    performance.mark("jangkau-view");
    window.JangkauFiles.open(view.source).then(
      (files) => { if (this.view === view) this.canvas.show(view, files); },
      (error) => this.fail(error));
  };

  Stage.prototype.say = function (text) {
    const box = this.notice.getContainer();
    box.textContent = text;
    box.style.display = text ? "" : "none";
  };

  Stage.prototype.fail = function (error) {
    console.error("Jangkau:", error);
    this.say([this.view.notice, this.view.words.failed].filter(Boolean).join(" · "));
  };

  Stage.prototype.setTiles = function (tiles) {
    this.canvas.getContainer().classList.toggle("jangkau-over-tiles", Boolean(tiles));
    /* The host of tiles answers only who says where from; it learns the host, not the page. */
    const asked = { maxZoom: 19, referrerPolicy: "strict-origin" };
    if (tiles && !this.tiles) this.tiles = L.tileLayer(tiles.url, { attribution: tiles.attribution, ...asked }).addTo(this.map);
    if (!tiles && this.tiles) this.tiles = void this.tiles.remove();
  };

  /* Where a pointer that can rest (no finger) rests on the map, and not on a button of it. */
  Stage.prototype.watchPointer = function () {
    const box = this.map.getContainer();
    box.addEventListener("pointermove", (event) => {
      const rests = event.pointerType !== "touch" && !event.target.closest(".leaflet-control");
      this.resting = rests ? event : null;
    }, { passive: true });
    box.addEventListener("pointerleave", () => { this.resting = null; });
  };

  /* What comes to lie under a resting pointer is pointed at as if the pointer had moved. */
  Stage.prototype.painted = function (complete) {
    this.addLabels();
    if (this.resting) this.point(this.map.mouseEventToLatLng(this.resting));
    if (!complete) return;
    const shown = this.view.classes.length - (this.view.classes.match(/ /g) || []).length;
    Object.assign(this.map.getContainer().dataset, { drawn: shown, chosen: this.view.selected });
    performance.mark("jangkau-painted");
  };

  Stage.prototype.point = function (latlng) {
    const place = latlng && this.view ? this.canvas.find(latlng) : null;
    this.canvas.point(place);
    this.map.getContainer().classList.toggle("jangkau-over-place", Boolean(place));
    if (!place) return void this.tip.remove();
    this.tip.setLatLng(latlng);
    if (this.tip.place !== place.at || !this.tip.isOpen()) this.tell(place);
  };

  Stage.prototype.tell = function (place) {
    const { view } = this, name = place.span.shapes.names[place.i];
    const waiting = figuresOf(view.values);
    const fillTip = () => this.tip.setContent(tooltip(name, tooltipLines(view, waiting.there, place.at)));
    this.tip.place = place.at;
    fillTip();
    this.tip.openOn(this.map);
    if (!waiting.there) waiting.reading.then(() => { if (this.view === view && this.tip.place === place.at) fillTip(); });
  };

  /* The second click of a double one zooms, and says nothing new of the same view. */
  Stage.prototype.click = function ({ latlng, originalEvent }) {
    const { view } = this, place = view && this.canvas.find(latlng);
    if (!place || (this.clicked === view && originalEvent.detail > 1)) return;
    this.clicked = view;
    tellPage(place.span.shapes.codes[place.i]);
    if (window.Streamlit && view.level !== "village") this.fetchAhead(place);
  };

  /* The shapes of an area clicked are on their way while the page answers. */
  Stage.prototype.fetchAhead = function (place) {
    const { boxes } = place.span.shapes, { toLatLng } = window.JangkauFiles;
    const [west, north, east, south] = boxes.subarray(place.i * 4, place.i * 4 + 4);
    const bounds = L.latLngBounds(toLatLng(west, south), toLatLng(east, north));
    this.canvas.fetchAhead(place, this.map.getBoundsZoom(bounds, false, L.point(2 * EDGE, 2 * EDGE)));
  };

  /* A label for each place that has its shape by now; those that were there stay. */
  Stage.prototype.addLabels = function () {
    const { view, labels } = this, before = labels.size;
    const wanted = new Map(view.labels.map((at, rank) => [at, rank]));
    for (const span of wanted.size ? this.canvas.spans : []) {
      for (let i = span.from, at = span.at; i < span.to; i++, at++) {
        if (wanted.has(at) && !labels.has(at)) labels.set(at, { rank: wanted.get(at), marker: this.labelOf(span.shapes, i, at) });
      }
    }
    if (labels.size !== before) this.arrangeLabels();
  };

  Stage.prototype.labelOf = function (shapes, i, at) {
    const text = document.createElement("span");
    text.textContent = shapes.names[i];
    /* Under the circle, so that neither hides the other. */
    const circled = window.JangkauPaths.letterAt(this.view.classes, at) < FADED;
    text.style.marginTop = `${circled ? this.view.radiusAt(at) : 0}px`;
    const icon = L.divIcon({ className: "jangkau-label", html: text, iconSize: null });
    const where = window.JangkauFiles.toLatLng(shapes.pointX[i], shapes.pointY[i]);
    return L.marker(where, { icon, interactive: false, keyboard: false }).addTo(this.map);
  };

  Stage.prototype.clearLabels = function () {
    for (const { marker } of this.labels.values()) marker.remove();
    this.labels.clear();
  };

  /* The more important of two labels that would overlap stays; none is cut by the edge of the map. */
  Stage.prototype.arrangeLabels = function () {
    const kept = [], frame = this.map.getContainer().getBoundingClientRect();
    const overlap = (a, b) => a.right >= b.left && a.left <= b.right && a.bottom >= b.top && a.top <= b.bottom;
    for (const { marker } of [...this.labels.values()].sort((a, b) => a.rank - b.rank)) {
      const text = marker.getElement().firstChild, box = text.getBoundingClientRect();
      const cut = box.left < frame.left || box.right > frame.right;
      const free = !cut && !kept.some((other) => overlap(box, other));
      text.style.visibility = free ? "visible" : "hidden";
      if (free) kept.push(box);
    }
  };

  /* Filters never move the map; going to another area does, and a resize until the first pan or zoom. */
  function goTo(map, focus) {
    if (map._jangkauFocus === focus.key) return;
    if (map._jangkauFocus === undefined) watchSize(map);
    map._jangkauFocus = focus.key;
    map._jangkauBounds = focus.bounds;
    map._jangkauMoved = false;
    fit(map);
  }

  /* A frame that is not laid out yet has no size, and no zoom would fit it. */
  function fit(map) {
    map.invalidateSize({ pan: false });
    const size = map.getSize();
    if (size.x <= 40 || size.y <= 40) return;
    map.fitBounds(map._jangkauBounds, { paddingTopLeft: [EDGE, EDGE], paddingBottomRight: panelSize(size), animate: false });
  }

  /* What a page of its own covers with its panel: at the right, or on a narrow screen below. */
  function panelSize(size) {
    const panel = document.querySelector(".jk-panel");
    if (!panel) return [EDGE, EDGE];
    const below = panel.offsetWidth > size.x / 2;
    return below ? [EDGE, panel.offsetHeight + 3 * EDGE] : [panel.offsetWidth + 2 * EDGE, EDGE];
  }

  function watchSize(map) {
    const box = map.getContainer();
    const moved = () => { map._jangkauMoved = true; };
    for (const kind of ["pointerdown", "wheel", "keydown"]) box.addEventListener(kind, moved, { passive: true });
    new ResizeObserver(() => (map._jangkauMoved ? map.invalidateSize() : fit(map))).observe(box);
  }

  function nameButtons(map, words) {
    [".leaflet-control-zoom-in", ".leaflet-control-zoom-out"].forEach((selector, i) => {
      const button = map.getContainer().querySelector(selector);
      if (button) button.title = words[i];
      if (button) button.setAttribute("aria-label", words[i]);
    });
  }

  /* The page is told of a click at once, not after the quarter of a second that streamlit-folium
   * waits for more; what it remembers is set too, or it would tell the same again. The number
   * makes a repeated click a new one. A map in a page of its own tells nobody.
   */
  function tellPage(code) {
    if (!window.Streamlit) return;
    const told = { last_active_drawing: { code, click: Date.now() } };
    Object.assign(window.__GLOBAL_DATA__, told, { previous_data: told });
    window.Streamlit.setComponentValue(told);
  }

  /* The stage stays on the map from one view to the next; the layer of a view only brings it. */
  const ViewLayer = L.Layer.extend({
    initialize: function (view) {
      view.radiusAt = (at) => (view.circles ? (RADII.indexOf(view.circles[at]) * LARGEST) / (RADII.length - 1) : 0);
      this.view = view;
    },
    onAdd: function (map) {
      map._jangkauStage = map._jangkauStage || new Stage(map);
      map._jangkauStage.show(this.view);
    },
    onRemove: function () {},
  });

  window.Jangkau = { layer: (view) => new ViewLayer(view), tooltipLines };
})();
