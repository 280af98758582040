/* Starts a page that carries everything inside. Its first script of plain text is base64 of the
 * scripts and styles of the map, compressed with gzip; the second draws; the others are files of
 * shapes by name, in the same way.
 */
(function () {
  "use strict";

  function unpack(text) {
    const letters = atob(text), packed = new Uint8Array(letters.length);
    /* A loop, as a function for each letter takes many times as long. */
    for (let i = 0; i < letters.length; i++) packed[i] = letters.charCodeAt(i);
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Response(stream).arrayBuffer();
  }

  function add(kind, text) {
    const element = document.createElement(kind);
    element.textContent = text;
    document.head.append(element);
  }

  function start([packed, drawing]) {
    return unpack(packed.textContent).then((buffer) => {
      const { style, scripts } = JSON.parse(new TextDecoder().decode(buffer));
      add("style", style);
      [...scripts, drawing.textContent].forEach((script) => add("script", script));
    });
  }

  function read(name) {
    return unpack(document.getElementById(name).textContent);
  }

  window.JangkauPage = { read, unpack };
  if (window.DecompressionStream) start(document.querySelectorAll('script[type="text/plain"]'));
  else document.querySelector(".jk-too-old").hidden = false;
})();
