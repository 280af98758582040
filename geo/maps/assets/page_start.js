// @ts-check
/* Starts a page that carries everything inside. Its first script of plain text is base64 of the
 * script and the style of the map, compressed with gzip; the second draws; the others are files of
 * shapes by name, in the same way.
 */
(function () {
  "use strict";

  /** @param {string} text */
  function bytesOf(text) {
    const { fromBase64 } = /** @type {{ fromBase64?: (text: string) => Uint8Array<ArrayBuffer> }} */ (Uint8Array);
    if (fromBase64) return fromBase64(text);
    const letters = atob(text), bytes = new Uint8Array(letters.length);
    /* A loop, as a function for each letter takes many times as long. */
    for (let i = 0; i < letters.length; i++) bytes[i] = letters.charCodeAt(i);
    return bytes;
  }

  /** @param {string} text */
  function unpack(text) {
    const { readable, writable } = new DecompressionStream("gzip"), writer = writable.getWriter();
    /* What goes wrong here is said by the reading side. */
    writer.write(bytesOf(text)).catch(() => {});
    writer.close().catch(() => {});
    return new Response(readable).arrayBuffer();
  }

  /** @param {string} kind @param {string} text */
  function add(kind, text) {
    const element = document.createElement(kind);
    element.textContent = text;
    document.head.append(element);
  }

  /** @param {ArrayLike<Element>} scripts */
  function start({ 0: packed, 1: drawing }) {
    return unpack(packed.textContent ?? "").then((buffer) => {
      const { style, script } = JSON.parse(new TextDecoder().decode(buffer));
      add("style", style);
      add("script", script);
      add("script", drawing.textContent ?? "");
    });
  }

  /* Shapes stand below, and may not have been read yet. */
  const parsed = new Promise((resolve) => {
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", resolve);
    else resolve(undefined);
  });

  /** @param {string} name */
  async function read(name) {
    await parsed;
    return unpack(document.getElementById(name)?.textContent ?? "");
  }

  window.JangkauPage = { read, unpack };
  if (window.DecompressionStream) start(document.querySelectorAll('script[type="text/plain"]'));
  else document.querySelector(".jk-too-old")?.removeAttribute("hidden");
})();
