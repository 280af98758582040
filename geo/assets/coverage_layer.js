/* Draws places of a view on a Leaflet map. Plain Leaflet API, no build step.
 *
 * Jangkau.draw(group, view) is called with a Leaflet group and a plain object:
 *   shapes   {url | data} of the places, and optionally of `outline` and `selected`
 *   places   [[code, style, radius, name, [lines of the tooltip], faded], …]
 *   styles   [{fill, pattern}, …]; the last ones are the special states
 *   focus    {key, bounds}: the map moves there when, and only when, the key changes
 *   within   code of the area looked at: outlines outside it are faint
 *   selected code of the place singled out, or ""
 *   tiles    {url, attribution} or null
 *   notice   text that stays on the map
 *   zoom     words of the two zoom buttons
 * All text becomes text nodes: a village called "<img …>" stays a name.
 */
(function () {
  "use strict";
  const INK = "#1F2933", ACCENT = "#0F766E", MUTED = "#61707D", FADED = "#E3E0D8";
  const cache = {};
  let clicks = 0;

  /* Same-page cache: a file of shapes is fetched once, however often the filters change. */
  function load(source, use) {
    if (!source) return use(null);
    if (source.data) return use(source.data);
    if (cache[source.url]) return use(cache[source.url]);
    fetch(source.url)
      .then((answer) => { if (!answer.ok) throw new Error(answer.status); return answer.json(); })
      .then((data) => { cache[source.url] = data; use(data); })
      .catch((error) => console.error("Jangkau: shapes could not be loaded", error));
  }

  /* Hatching needs SVG patterns in the document that draws the paths. */
  function addPatterns() {
    if (document.getElementById("jangkau-patterns")) return;
    const space = "http://www.w3.org/2000/svg";
    const holder = document.createElementNS(space, "svg");
    holder.id = "jangkau-patterns";
    holder.setAttribute("width", 0);
    holder.setAttribute("height", 0);
    holder.style.position = "absolute";
    holder.innerHTML =
      '<defs><pattern id="jangkau-lines" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">' +
      '<rect width="6" height="6" fill="#EDECE8"/><line x1="0" y1="0" x2="0" y2="6" stroke="#A9A69D" stroke-width="2"/></pattern>' +
      '<pattern id="jangkau-dots" width="6" height="6" patternUnits="userSpaceOnUse">' +
      '<rect width="6" height="6" fill="#F3F2EE"/><circle cx="3" cy="3" r="1.2" fill="#A9A69D"/></pattern></defs>';
    document.body.appendChild(holder);
  }

  function tooltip(place) {
    const box = document.createElement("div");
    const title = document.createElement("strong");
    title.textContent = place[3];
    box.appendChild(title);
    for (const line of place[4]) {
      const row = document.createElement("div");
      row.textContent = line;
      box.appendChild(row);
    }
    return box;
  }

  function pathStyle(style, faded, tiled) {
    const fill = style.pattern ? `url(#jangkau-${style.pattern})` : style.fill;
    return {
      color: "#FFFFFF", weight: 1, opacity: 1,
      fillColor: faded ? FADED : fill,
      fillOpacity: tiled ? 0.72 : 1,
    };
  }

  function addPlaces(group, layer, data, view) {
    const byCode = new Map(view.places.map((place) => [place[0], place]));
    layer.options.filter = (feature) => byCode.has(feature.id);
    layer.options.onEachFeature = (feature, path) => {
      const place = byCode.get(feature.id);
      path.setStyle(pathStyle(view.styles[place[1]], place[5], view.tiles));
      path.bindTooltip(() => tooltip(place), { sticky: true, className: "jangkau-tip" });
      path.on("mouseover", () => path.setStyle({ color: INK, weight: 2.5 }).bringToFront());
      path.on("mouseout", () => path.setStyle({ color: "#FFFFFF", weight: 1 }).bringToBack());
      /* The page is told the code alone, and a number that makes a repeated click a new one. */
      path.toGeoJSON = () => ({ code: feature.id, click: clicks });
      path.on("click", () => { clicks = Date.now(); });
    };
    layer.addData(data);
    addCircles(group, layer, byCode);
    addLabels(group, layer, byCode, view.labels);
  }

  function addCircles(group, layer, byCode) {
    layer.eachLayer((path) => {
      const place = byCode.get(path.feature.id);
      if (!place[2] || place[5]) return;
      L.circleMarker(centre(path.feature), {
        radius: place[2], color: INK, weight: 1, fillColor: ACCENT, fillOpacity: 0.35,
        interactive: false, pane: "jangkau-circles",
      }).addTo(group);
    });
  }

  /* Where a circle and a label stand: a point inside the polygon, worked out on the server. */
  function centre(feature) {
    return L.latLng(feature.properties.point[1], feature.properties.point[0]);
  }

  function addLabels(group, layer, byCode, wanted) {
    if (!wanted) return;
    const markers = [];
    layer.eachLayer((path) => {
      const place = byCode.get(path.feature.id);
      const text = document.createElement("span");
      text.textContent = place[3];
      /* Under the circle, so that neither hides the other. */
      text.style.marginTop = `${place[5] ? 0 : place[2]}px`;
      const icon = L.divIcon({ className: "jangkau-label", html: text, iconSize: null });
      markers.push(L.marker(centre(path.feature), { icon, interactive: false, keyboard: false }).addTo(group));
    });
    const arrange = () => hideOverlaps(markers);
    const map = group._map;
    map.on("zoomend", arrange);
    group.once("remove", () => map.off("zoomend", arrange));
    arrange();
  }

  /* The first of two labels that would overlap stays; places come by importance. */
  function hideOverlaps(markers) {
    const kept = [];
    for (const marker of markers) {
      const element = marker.getElement();
      if (!element) continue;
      element.style.visibility = "visible";
      const box = element.firstChild.getBoundingClientRect();
      const free = kept.every((other) => box.right < other.left || box.left > other.right ||
        box.bottom < other.top || box.top > other.bottom);
      if (free) kept.push(box); else element.style.visibility = "hidden";
    }
  }

  function addOutline(group, source, style, keep) {
    load(source, (data) => {
      if (!data || !group._map) return;
      L.geoJSON(data, { style, interactive: false, pane: "jangkau-lines", filter: keep }).addTo(group);
    });
  }

  function addPanes(map) {
    for (const [name, z] of [["jangkau-lines", 450], ["jangkau-circles", 460], ["jangkau-chosen", 470]]) {
      if (map.getPane(name)) continue;
      map.createPane(name).style.zIndex = z;
      map.getPane(name).style.pointerEvents = "none";
    }
  }

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
    if (size.x > 40 && size.y > 40) map.fitBounds(map._jangkauBounds, { padding: [12, 12], animate: false });
  }

  function watchSize(map) {
    const box = map.getContainer();
    const moved = () => { map._jangkauMoved = true; };
    for (const kind of ["pointerdown", "wheel", "keydown"]) box.addEventListener(kind, moved, { passive: true });
    new ResizeObserver(() => (map._jangkauMoved ? map.invalidateSize() : fit(map))).observe(box);
  }

  function setNotice(map, text) {
    if (!map._jangkauNotice) {
      map._jangkauNotice = L.control({ position: "bottomleft" });
      map._jangkauNotice.onAdd = () => L.DomUtil.create("div", "jangkau-notice");
      map._jangkauNotice.addTo(map);
    }
    const box = map._jangkauNotice.getContainer();
    box.textContent = text;
    box.style.display = text ? "" : "none";
  }

  function nameButtons(map, words) {
    [".leaflet-control-zoom-in", ".leaflet-control-zoom-out"].forEach((selector, i) => {
      const button = map.getContainer().querySelector(selector);
      if (button) button.title = words[i];
      if (button) button.setAttribute("aria-label", words[i]);
    });
  }

  function draw(group, view) {
    const map = view.map;
    if (!map.hasLayer(group)) {
      group.once("add", () => draw(group, view));
      return;
    }
    addPatterns();
    addPanes(map);
    setNotice(map, view.notice);
    map.attributionControl.setPrefix("Leaflet");
    nameButtons(map, view.zoom);
    if (view.tiles) L.tileLayer(view.tiles.url, { attribution: view.tiles.attribution, maxZoom: 19 }).addTo(group);
    const layer = L.geoJSON(null, { smoothFactor: 0.5 }).addTo(group);
    load(view.shapes, (data) => {
      if (!map.hasLayer(group)) return;
      addPlaces(group, layer, data, view);
      map.getContainer().dataset.drawn = view.places.length;
    });
    addOutline(group, view.outline, (feature) => feature.id.startsWith(view.within)
      ? { color: INK, weight: 1.4, opacity: 0.75, fill: false }
      : { color: MUTED, weight: 1, opacity: 0.45, fill: false });
    if (view.selected) {
      addOutline(group, view.selectable, { color: ACCENT, weight: 4, opacity: 1, fill: false },
        (feature) => feature.id === view.selected);
    }
    goTo(map, view.focus);
  }

  window.Jangkau = { draw };
})();
