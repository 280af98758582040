/* Paints a view's places on canvas, as a Leaflet layer of our own. Plain Leaflet API, no build step.
 *
 * Three canvases lie on each other: fills with hairlines, lines with circles, and the place under
 * the pointer. A view (see coverage_layer.js) and its Files are given by show(); a change of
 * colours paints again from the shapes that are there.
 */
(function () {
  "use strict";
  const INK = "#1F2933", ACCENT = "#0F766E", MUTED = "#61707D", PAPER = "#FFFFFF", HATCH = "#A9A69D";
  const LEVELS = ["province", "regency", "subdistrict", "village"];
  const CODE_LENGTHS = [2, 5, 8, 13];
  /* Painted beyond each edge of the map, as part of its size, so that a pan shows no blank. */
  const MARGIN = 0.2;
  /* Places of this many pixels have no hairline between them; of that many, a whole one. */
  const NO_HAIRLINE = 5, WHOLE_HAIRLINE = 22;
  /* A level above is drawn as lines where its places are this many pixels wide. */
  const LEAST_OUTLINED = 28;
  /* Rings of fewer pixels across get no line: around an islet there would be nothing else. */
  const LEAST_RING = 5;
  /* How far beside a place a pointer may be and still mean it, in pixels. */
  const REACH = 4;
  const FADED = 32, PATTERN_SIDE = 8;

  const CoverageCanvas = L.Layer.extend({
    onAdd: function (map) {
      this.holder = L.DomUtil.create("div", "jangkau-canvas leaflet-zoom-animated", this.getPane());
      this.brushes = ["fills", "lines", "pointed"].map((name) => {
        const canvas = L.DomUtil.create("canvas", `jangkau-${name}`, this.holder);
        canvas.setAttribute("aria-hidden", "true");
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
      this.refresh();
    },

    refresh: function () {
      if (this.waiting) return;
      this.waiting = requestAnimationFrame(() => { this.waiting = 0; this.paint(); });
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
      L.DomUtil.setPosition(this.holder, corner);
      return { zoom, scale, left, top, width, height, box, ratio: window.devicePixelRatio || 1 };
    },

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
      const frame = this.layOut();
      const { pieces, complete } = this.piecesOf(view.level, frame, view.parts.map(([prefix]) => prefix));
      this.frame = frame;
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

    piecesOf: function (level, frame, prefixes) {
      const failed = (error) => this.fire("problem", { error });
      return this.files.pieces(level, frame.zoom, frame.box, prefixes, () => this.refresh(), failed);
    },

    paintFills: function (brush) {
      const { view, frame } = this, jobs = [];
      for (const span of this.spans) {
        const side = span.shapes.meanSide * frame.scale;
        jobs.push({ paths: pathsOf(span, view.classes, frame, side), hairline: hairlineOf(side) });
      }
      const tints = new Map([...new Set(jobs.flatMap(({ paths }) => [...paths.keys()]))]
        .sort((a, b) => brightness(fillOf(view, b)) - brightness(fillOf(view, a)))
        .map((letter) => [letter, tintOf(brush, view, letter, frame)]));
      for (const [letter, tint] of tints) {
        brush.fillStyle = brush.strokeStyle = tint;
        for (const { paths, hairline } of jobs) fillPath(brush, paths.get(letter), hairline);
      }
      brush.strokeStyle = PAPER;
      for (const { paths, hairline } of jobs) {
        if (hairline) paths.forEach(({ path }) => strokePath(brush, path, hairline));
      }
    },

    /* Borders of the level above, or of the one above that where its places are too small to part. */
    paintLines: function (brush) {
      const { view } = this, above = LEVELS.slice(0, LEVELS.indexOf(view.level)).reverse();
      const sides = above.map((level) => ({ level, side: this.sideAbove(level) }));
      const found = sides.find(({ side }) => side >= LEAST_OUTLINED) || sides.pop();
      const outlined = found ? this.outline(brush, found) : true;
      this.paintCircles(brush);
      return this.paintSelected(brush) && outlined;
    },

    /* How many pixels a place of a level above measures, from what is drawn and how many there are. */
    sideAbove: function (level) {
      const { view, frame, files, spans } = this;
      const drawn = files.countIn(view.level, frame.box), above = files.countIn(level, frame.box);
      const places = spans.reduce((sum, span) => sum + span.to - span.from, 0);
      const sides = spans.reduce((sum, { shapes, from, to }) => sum + shapes.meanSide * (to - from), 0);
      return above && places ? (sides / places) * frame.scale * Math.sqrt(drawn / above) : 0;
    },

    outline: function (brush, { level, side }) {
      const { frame, view } = this, { pieces, complete } = this.piecesOf(level, frame, [""]);
      const inside = new Path2D(), outside = new Path2D();
      for (const { entry: { shapes }, from, to } of pieces) {
        for (let i = from; i < to; i++) {
          const path = shapes.codes[i].startsWith(view.within) ? inside : outside;
          if (inFrame(shapes, i, frame)) trace(path, shapes, i, frame, 8, LEAST_RING);
        }
      }
      const weight = Math.max(0.6, Math.min(1.4, side / 40));
      brush.strokeStyle = MUTED;
      brush.globalAlpha = 0.45;
      strokePath(brush, outside, Math.min(weight, 1));
      brush.strokeStyle = INK;
      brush.globalAlpha = 0.75;
      strokePath(brush, inside, weight);
      brush.globalAlpha = 1;
      return complete;
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
      const { pieces, complete } = this.piecesOf(level, frame, [selected]);
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
      const x = window.JangkauFiles.toX(latlng.lng), y = window.JangkauFiles.toY(latlng.lat);
      let best = null;
      for (const span of this.spans) {
        const found = window.JangkauFiles.find(span, x, y, REACH / this.frame.scale);
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
      const brush = this.clear(2);
      if (!this.pointed) return;
      const path = new Path2D(), { span, i } = this.pointed;
      trace(path, span.shapes, i, this.frame, 8);
      brush.strokeStyle = INK;
      strokePath(brush, path, 2.5);
    },
  });

  /* Style of a place in the text of classes, FADED added where the filters leave it out; below 0: not shown. */
  function letterAt(classes, at) {
    return classes.charCodeAt(at) - 48;
  }

  function fillOf(view, letter) {
    return letter >= FADED ? view.faded : view.styles[letter].fill;
  }

  function tintOf(brush, view, letter, frame) {
    const pattern = letter < FADED && view.styles[letter].pattern;
    return pattern ? hatch(brush, pattern, view.styles[letter].fill, frame) : fillOf(view, letter);
  }

  function brightness(colour) {
    const [red, green, blue] = [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16));
    return 0.3 * red + 0.59 * green + 0.11 * blue;
  }

  /* Hatching that stays where it is on the map when the map moves. */
  function hatch(brush, pattern, fill, { left, top, ratio }) {
    const tile = document.createElement("canvas"), side = PATTERN_SIDE;
    tile.width = tile.height = side * ratio;
    const pen = tile.getContext("2d");
    pen.scale(ratio, ratio);
    pen.fillStyle = fill;
    pen.fillRect(0, 0, side, side);
    pen.fillStyle = pen.strokeStyle = HATCH;
    pen.lineWidth = 2;
    if (pattern === "lines") {
      for (const shift of [-side, 0, side]) {
        pen.moveTo(shift - 1, side + 1);
        pen.lineTo(shift + side + 1, -1);
      }
      pen.stroke();
    } else {
      pen.arc(side / 2, side / 2, 1.4, 0, 2 * Math.PI);
      pen.fill();
    }
    const made = brush.createPattern(tile, "repeat");
    made.setTransform(new DOMMatrix().translate(-(left % side), -(top % side)).scale(1 / ratio));
    return made;
  }

  function hairlineOf(side) {
    const width = Math.min(1, Math.max(0, (side - NO_HAIRLINE) / (WHOLE_HAIRLINE - NO_HAIRLINE)));
    return width < 0.15 ? 0 : width;
  }

  function inFrame({ boxes }, i, { box }) {
    return boxes[i * 4] <= box.east && boxes[i * 4 + 2] >= box.west && boxes[i * 4 + 1] <= box.south && boxes[i * 4 + 3] >= box.north;
  }

  function sideOf({ boxes }, i) {
    return Math.max(boxes[i * 4 + 2] - boxes[i * 4], boxes[i * 4 + 3] - boxes[i * 4 + 1]);
  }

  function pointOf({ pointX, pointY }, i, { scale, left, top }) {
    return [pointX[i] * scale - left, pointY[i] * scale - top];
  }

  /* One path a style with the places of a span, and one with those that are less than a pixel. */
  function pathsOf(span, classes, frame, side) {
    const paths = new Map(), { shapes } = span, pixel = 1 / frame.scale;
    const steps = side < NO_HAIRLINE ? 2 : 8;
    for (let i = span.from, at = span.at; i < span.to; i++, at++) {
      const letter = letterAt(classes, at);
      if (letter < 0 || !inFrame(shapes, i, frame)) continue;
      if (!paths.has(letter)) paths.set(letter, { path: new Path2D(), dots: new Path2D() });
      const { path, dots } = paths.get(letter);
      if (sideOf(shapes, i) < pixel) dot(dots, pointOf(shapes, i, frame));
      else trace(path, shapes, i, frame, steps);
    }
    return paths;
  }

  /* A square of one pixel, once stroked. */
  function dot(path, [x, y]) {
    path.moveTo(x - 0.5, y);
    path.lineTo(x + 0.5, y);
  }

  /* Adds the rings of a place to a path, those of at least so many pixels across. Vertices are put
   * on a grid of parts of a pixel, the same for both neighbours of an edge, so that what is left
   * out opens no gap between them. */
  function trace(path, shapes, i, { scale, left, top }, steps, least = 0) {
    const { firstRing, firstVertex, x, y } = shapes;
    const stretch = scale * steps, west = left * steps, north = top * steps;
    for (let r = firstRing[i]; r < firstRing[i + 1]; r++) {
      const first = firstVertex[r], end = firstVertex[r + 1];
      if (least && across(shapes, first, end) * scale < least) continue;
      let lastX = Math.round(x[first] * stretch - west), lastY = Math.round(y[first] * stretch - north);
      const startX = lastX / steps, startY = lastY / steps;
      path.moveTo(startX, startY);
      for (let v = first + 1; v < end; v++) {
        const px = Math.round(x[v] * stretch - west), py = Math.round(y[v] * stretch - north);
        if (px === lastX && py === lastY) continue;
        path.lineTo(px / steps, py / steps);
        lastX = px;
        lastY = py;
      }
      /* Not closePath(): in Chromium it takes the longer the more the path holds. */
      path.lineTo(startX, startY);
    }
  }

  function across({ x, y }, first, end) {
    let west = Infinity, north = Infinity, east = -Infinity, south = -Infinity;
    for (let v = first; v < end; v++) {
      west = Math.min(west, x[v]);
      east = Math.max(east, x[v]);
      north = Math.min(north, y[v]);
      south = Math.max(south, y[v]);
    }
    return Math.max(east - west, south - north);
  }

  /* Without a hairline over it, a seam between two fills would let the ground shine through. */
  function fillPath(brush, paths, hairline) {
    if (!paths) return;
    brush.fill(paths.path, "evenodd");
    strokePath(brush, paths.dots, 1);
    if (hairline < 1) strokePath(brush, paths.path, 0.8);
  }

  function strokePath(brush, path, width) {
    brush.lineWidth = width;
    brush.stroke(path);
  }

  window.JangkauCanvas = CoverageCanvas;
  window.JangkauCanvas.letterAt = letterAt;
})();
