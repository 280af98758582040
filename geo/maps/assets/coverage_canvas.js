/* Paints a view's places on canvas, as a Leaflet layer of our own. Plain Leaflet API, no build step.
 *
 * Three canvases lie on each other: fills with hairlines, lines with circles, and the place under
 * the pointer. A view (see coverage_layer.js) and its Files are given by show(); a change of
 * colours paints again from the shapes that are there.
 */
(function () {
  "use strict";
  const INK = "#1F2933", ACCENT = "#0F766E", MUTED = "#61707D", PAPER = "#FFFFFF";
  const { brightness, fillOf, pixelOf, tintOf } = window.JangkauFills;
  const { CODE_LENGTHS, FADED, LEVELS, bordersOf, groupsOf, hairlineOf, letterAt, outlinePiece, patchOf, pathsOf,
    pointOf, sideOf, trace, tracePlaces } = window.JangkauPaths;
  const { find, related } = window.JangkauFiles, { toX, toY } = window.JangkauShapes;
  /* Painted beyond each edge of the map, as part of its size, so that a pan shows no blank. */
  const MARGIN = 0.2;
  const COAST = "";
  /* A level above is drawn as lines where its places are this many pixels wide. */
  const LEAST_OUTLINED = 28;
  /* How far beside a place a pointer may be and still mean it, in pixels. */
  const REACH = 4;
  /* A line between two fills of at least so many pixels of the screen hides that the ground shines through there. */
  const HIDING = 1;
  /* What is there of a view is shown when nothing more has come for so many milliseconds, or after
   * so many in any case. */
  const LATE = 300, LATEST = 1500;

  const CoverageCanvas = L.Layer.extend({
    onAdd: function (map) {
      this.holder = L.DomUtil.create("div", "jangkau-canvas leaflet-zoom-animated", this.getPane());
      this.brushes = ["fills", "lines", "pointed"].map((name) => {
        const canvas = L.DomUtil.create("canvas", `jangkau-${name}`, this.holder);
        canvas.setAttribute("aria-hidden", "true");
        canvas.width = canvas.height = 0;
        /* In memory, not on the graphics card: large paths are slower there, and look different. */
        return canvas.getContext("2d", { willReadFrequently: true });
      });
      this.spans = [];
      this.pointed = null;
      map.on(this.events(), this);
    },

    getContainer: function () { return this.holder; },

    events: function () {
      return { moveend: this.refresh, resize: this.refresh, zoomanim: this.animate, zoom: this.follow, zoomend: this.settle };
    },

    show: function (view, files) {
      this.view = view;
      this.files = files;
      this.pointed = null;
      this.due = performance.now() + LATEST;
      this.overdue = false;
      /* Files are on their way before the next frame begins. */
      if (this._map.getSize().x) this.piecesDrawn(this.layOut());
      this.refresh();
    },

    refresh: function () {
      clearTimeout(this.late);
      this.late = 0;
      if (this.waiting) return;
      this.waiting = requestAnimationFrame(() => { this.waiting = 0; this.paint(); });
    },

    /* A file is there: it is painted when it was the last, or when the next is slow to come. */
    arrive: function () {
      if (!this.files.reading) this.refresh();
      else this.await();
    },

    /* Until something of the view is painted it has a time when what is there is due. */
    await: function () {
      clearTimeout(this.late);
      const left = this.due ? this.due - performance.now() : LATE;
      this.late = setTimeout(() => { this.overdue = true; this.refresh(); }, Math.min(LATE, left));
    },

    /* While Leaflet animates a zoom, what is painted is moved and scaled along. */
    animate: function (event) {
      this.zooming = true;
      this.transform(event.center, event.zoom);
    },

    follow: function () {
      if (!this.zooming) this.transform(this._map.getCenter(), this._map.getZoom());
    },

    settle: function () {
      this.zooming = false;
      this.refresh();
    },

    transform: function (center, zoom) {
      if (!this.frame) return;
      const map = this._map, { frame } = this;
      const half = map.getSize().divideBy(2), pane = L.DomUtil.getPosition(map.getPane("mapPane"));
      const origin = map.project(center, zoom).subtract(half).add(pane).round();
      const growth = map.options.crs.scale(zoom) / frame.scale;
      L.DomUtil.setTransform(this.holder, L.point(frame.left, frame.top).multiplyBy(growth).subtract(origin), growth);
    },

    /* What part of the world is painted, and how it comes to pixels. */
    layOut: function () {
      const map = this._map, size = map.getSize(), zoom = map.getZoom(), scale = map.options.crs.scale(zoom);
      const corner = map.containerPointToLayerPoint(size.multiplyBy(-MARGIN)).round();
      const { x: left, y: top } = map.getPixelOrigin().add(corner);
      const width = Math.ceil(size.x * (1 + 2 * MARGIN)), height = Math.ceil(size.y * (1 + 2 * MARGIN));
      const box = { west: left / scale, north: top / scale, east: (left + width) / scale, south: (top + height) / scale };
      return { zoom, scale, left, top, corner, width, height, box, ratio: window.devicePixelRatio || 1 };
    },

    /* An empty canvas of the frame's size; until it is asked for it has none, and costs nothing. */
    clear: function (which) {
      const brush = this.brushes[which], { width, height, ratio } = this.frame, { canvas } = brush;
      const wide = Math.round(width * ratio), high = Math.round(height * ratio);
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
    },

    paint: function () {
      const { view, _map: map } = this;
      if (!view || this.zooming || !map.getSize().x) return;
      const frame = this.layOut(), drawn = this.piecesDrawn(frame), { pieces, complete } = drawn;
      if (!complete && (!pieces.length || (this.due && !this.overdue))) return void this.standBy();
      this.due = 0;
      this.overdue = false;
      this.frame = frame;
      this.drawn = drawn;
      L.DomUtil.setPosition(this.holder, frame.corner);
      try {
        this.spans = pieces.flatMap((piece) => this.files.spans(piece, view.parts));
      } catch (error) {
        this.spans = [];
        this.fire("problem", { error });
      }
      this.paintFills(this.clear(0));
      const lined = this.paintLines(this.clear(1));
      this.paintPointed();
      this.fire("painted", { complete: complete && lined });
    },

    /* What was painted before stays, moved along, until there is something of the view. */
    standBy: function () {
      if (this.due && !this.overdue) this.await();
      this.overdue = false;
      this.spans = [];
      this.paintPointed();
    },

    piecesDrawn: function (frame) {
      const { level, parts } = this.view;
      return this.piecesOf(level, frame, (area) => parts.some(([prefix]) => related(prefix, area)));
    },

    /* Asks for the shapes of a place about to be shown at a zoom: of its parts, and around it. */
    fetchAhead: function ({ span: { shapes }, i }, zoom) {
      const map = this._map, within = shapes.codes[i], { level } = this.view;
      const [west, north, east, south] = shapes.boxes.subarray(i * 4, i * 4 + 4), x = (west + east) / 2, y = (north + south) / 2;
      const half = map.getSize().multiplyBy((0.5 + MARGIN) / map.options.crs.scale(zoom));
      const box = { west: x - half.x, north: y - half.y, east: x + half.x, south: y + half.y };
      const come = () => { if (this.view.within === within) this.arrive(); };
      const ask = (of, wanted) => this.files.pieces(of, zoom, box, wanted, come, come);
      ask(level, outsideOf(within, ask(LEVELS[LEVELS.indexOf(level) + 1], (area) => related(within, area))));
    },

    piecesOf: function (level, frame, wanted) {
      const failed = (error) => this.fail(error);
      return this.files.pieces(level, frame.zoom, frame.box, wanted, () => this.arrive(), failed);
    },

    /* What is there is painted all the same; where nothing is, nothing old stays. */
    fail: function (error) {
      if (this.due && !this.files.reading) {
        this.due = 0;
        this.refresh();
      } else if (!this.due && this.frame && !this.spans.length) {
        [0, 1].forEach((which) => this.clear(which));
      }
      this.fire("problem", { error });
    },

    paintFills: function (brush) {
      const { view, frame } = this, jobs = [], paths = new Map(), dots = [];
      for (const span of this.spans) {
        const side = span.shapes.meanSide * frame.scale, hairline = hairlineOf(side);
        jobs.push({ span, side, hairline });
        pathsOf(paths, dots, span, view.classes, frame, side);
      }
      const letters = [...paths.keys()].sort((a, b) => brightness(fillOf(view, b)) - brightness(fillOf(view, a)));
      if (dots.length) this.paintDots(brush, dots);
      if (letters.length && jobs.some(({ hairline }) => hairline < HIDING)) {
        brush.globalCompositeOperation = "destination-over";
        brush.fillStyle = fillOf(view, letters[letters.length >> 1]);
        brush.fill(this.ground(jobs));
        brush.globalCompositeOperation = "source-over";
      }
      for (const letter of letters) {
        brush.fillStyle = tintOf(brush, view, letter, frame);
        brush.fill(paths.get(letter), "evenodd");
      }
      brush.strokeStyle = PAPER;
      for (const { span, side, hairline } of jobs) {
        if (hairline) strokePath(brush, bordersOf(span, view.classes, frame, side), hairline / frame.ratio);
      }
    },

    /* Beneath the fills of each style a tone between theirs, which shines through where neighbours meet. */
    ground: function (jobs) {
      const path = new Path2D();
      for (const { span, side } of jobs) patchOf(path, span, this.view.classes, this.frame, side);
      return path;
    },

    /* Places of less than a pixel, as pixels: a path of so many squares takes many times as long.
     * Of several in one the last stays, of whichever style. */
    paintDots: function (brush, dots) {
      const { ratio } = this.frame, size = Math.ceil(ratio), { width, height } = brush.canvas;
      const image = brush.createImageData(width, height), pixels = new Uint32Array(image.data.buffer), colours = [];
      for (let i = 0; i < dots.length; i += 3) {
        const letter = dots[i], left = Math.floor(dots[i + 1] * ratio), top = Math.floor(dots[i + 2] * ratio);
        if (left < 0 || top < 0 || left + size > width) continue;
        const colour = (colours[letter] = colours[letter] || pixelOf(fillOf(this.view, letter)));
        for (let row = top; row < top + size; row++) pixels.fill(colour, row * width + left, row * width + left + size);
      }
      brush.putImageData(image, 0, 0);
    },

    /* Borders of the level above, or of the one above that where its places are too small to part;
     * of the country as a whole, the coast. */
    paintLines: function (brush) {
      const { view } = this, above = [COAST, ...LEVELS].slice(0, LEVELS.indexOf(view.level) + 1).reverse();
      const levels = above.map((level) => ({ level, side: this.sideAbove(level) }));
      const outlined = this.outline(brush, levels.find(({ level, side }) => level === COAST || side >= LEAST_OUTLINED));
      this.paintCircles(brush);
      return this.paintSelected(brush) && outlined;
    },

    /* How many pixels a place of a level above measures, from what is drawn and how many there are. */
    sideAbove: function (level) {
      let places = 0, groups = 0, sides = 0;
      for (const { shapes } of this.spans) {
        places += shapes.codes.length;
        groups += groupsOf(shapes, level).count;
        sides += shapes.meanSide * shapes.codes.length;
      }
      return places ? (sides / places) * this.frame.scale * Math.sqrt(places / groups) : 0;
    },

    /* Where the places drawn belong to different ones of a level above; around the area looked
     * at, where no place is drawn, its neighbours' own shapes, no finer than itself. */
    outline: function (brush, { level, side }) {
      const { frame, view, drawn } = this, inside = new Path2D(), outside = new Path2D();
      for (const piece of drawn.pieces) outlinePiece(inside, outside, piece, level, view.within, frame);
      const own = CODE_LENGTHS.indexOf(view.within.length);
      const around = this.piecesOf(LEVELS[Math.max(Math.min(LEVELS.indexOf(level), own), 0)], frame, outsideOf(view.within, drawn));
      for (const piece of around.pieces) tracePlaces(outside, piece, (code) => !code.startsWith(view.within), frame);
      const weight = level === COAST ? 0.6 : Math.max(0.6, Math.min(1.4, side / 40));
      brush.strokeStyle = MUTED;
      brush.globalAlpha = 0.6;
      strokePath(brush, outside, Math.min(weight, 1));
      brush.strokeStyle = INK;
      brush.globalAlpha = 0.75;
      strokePath(brush, inside, weight);
      brush.globalAlpha = 1;
      return around.complete;
    },

    paintCircles: function (brush) {
      const { view, frame } = this, circles = [];
      if (!view.circles) return;
      for (const span of this.spans) {
        for (let i = span.from; i < span.to; i++) {
          const at = span.at + i - span.from, radius = view.radiusAt(at);
          if (radius && letterAt(view.classes, at) < FADED) circles.push([...pointOf(span.shapes, i, frame), radius]);
        }
      }
      circles.sort((a, b) => b[2] - a[2]);
      brush.strokeStyle = INK;
      brush.fillStyle = ACCENT;
      brush.lineWidth = 1;
      for (const [x, y, radius] of circles) {
        brush.beginPath();
        brush.arc(x, y, radius, 0, 2 * Math.PI);
        brush.globalAlpha = 0.35;
        brush.fill();
        brush.globalAlpha = 1;
        brush.stroke();
      }
    },

    paintSelected: function (brush) {
      const { selected } = this.view, { frame } = this;
      if (!selected) return true;
      const level = LEVELS[CODE_LENGTHS.indexOf(selected.length)];
      const { pieces, complete } = this.piecesOf(level, frame, (area) => related(selected, area));
      for (const { entry: { shapes } } of pieces) {
        const i = shapes.codes.indexOf(selected);
        if (i < 0) continue;
        const path = new Path2D();
        trace(path, shapes, i, frame, 8);
        /* A place of a few pixels would vanish under its own line: it gets a ring around it. */
        if (sideOf(shapes, i) * frame.scale < 8) path.ellipse(...pointOf(shapes, i, frame), 7, 7, 0, 0, 2 * Math.PI);
        brush.strokeStyle = PAPER;
        strokePath(brush, path, 6);
        brush.strokeStyle = ACCENT;
        strokePath(brush, path, 4);
      }
      return complete;
    },

    /* The place at a point of the map: {span, i, at}, or null. */
    find: function (latlng) {
      if (!this.frame) return null;
      const x = toX(latlng.lng), y = toY(latlng.lat);
      let best = null;
      for (const span of this.spans) {
        const found = find(span, x, y, REACH / this.frame.scale);
        if (!found || (best && best.nearest <= found.nearest)) continue;
        const at = span.at + found.i - span.from;
        if (letterAt(this.view.classes, at) >= 0) best = { ...found, span, at };
      }
      return best;
    },

    point: function (place) {
      if (this.pointed === place || (this.pointed && place && this.pointed.at === place.at)) return;
      this.pointed = place;
      this.paintPointed();
    },

    paintPointed: function () {
      const { canvas } = this.brushes[2];
      if (!this.pointed && !canvas.width) return;
      const brush = this.clear(2);
      if (!this.pointed) return;
      const path = new Path2D(), { span, i } = this.pointed;
      trace(path, span.shapes, i, this.frame, 8);
      brush.strokeStyle = INK;
      strokePath(brush, path, 2.5);
    },
  });

  /* Files of what lies around an area of which these are drawn. */
  function outsideOf(within, drawn) {
    return (area) => !area.startsWith(within) && !drawn.areas.some((of) => area.startsWith(of));
  }

  function strokePath(brush, path, width) {
    brush.lineWidth = width;
    brush.stroke(path);
  }

  window.JangkauCanvas = CoverageCanvas;
})();
