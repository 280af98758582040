/* What the places of a view are filled with: colours, and hatching that stays with the map. */
(function () {
  "use strict";
  const HATCH = "#A9A69D", PAPER = "#FBFAF7", { FADED } = window.JangkauPaths;

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

  /* Hatching that stays where it is on the map when the map moves: grey lines or dots on a colour
   * of what is unknown, and wide lines of paper over the class of what is partly known. */
  function hatch(brush, pattern, fill, { left, top, ratio }) {
    const wide = pattern === "wide", tile = document.createElement("canvas"), side = wide ? 16 : 8;
    tile.width = tile.height = side * ratio;
    const pen = tile.getContext("2d");
    pen.scale(ratio, ratio);
    pen.fillStyle = fill;
    pen.fillRect(0, 0, side, side);
    pen.fillStyle = pen.strokeStyle = HATCH;
    pen.lineWidth = wide ? 6.4 : 2;
    if (wide || pattern === "lines") {
      for (const shift of [-side, 0, side]) {
        pen.moveTo(shift - 1, side + 1);
        pen.lineTo(shift + side + 1, -1);
      }
      pen.stroke();
      pen.strokeStyle = PAPER;
      pen.lineWidth = 5;
      /* Grey edges: the palest class is hardly darker than paper. */
      if (wide) pen.stroke();
    } else {
      pen.arc(side / 2, side / 2, 1.4, 0, 2 * Math.PI);
      pen.fill();
    }
    const made = brush.createPattern(tile, "repeat");
    made.setTransform(new DOMMatrix().translate(-(left % side), -(top % side)).scale(1 / ratio));
    return made;
  }

  /* A colour as the number that it is in an image. */
  function pixelOf(colour) {
    const [red, green, blue] = [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16));
    return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
  }

  window.JangkauFills = { brightness, fillOf, pixelOf, tintOf };
})();
