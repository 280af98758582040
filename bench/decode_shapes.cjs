/* Times the decoding of one set of villages in both formats, for bench/shape_formats.py.
 *
 * node bench/decode_shapes.cjs OURS.bin.gz TOPOLOGY.json.gz [TOPOJSON-CLIENT] prints milliseconds, the
 * median of the times that fit into a second: ours; topology parsed; with its features and the mesh of
 * borders between two places, where the folder of topojson-client is given.
 */
"use strict";
const { readFileSync } = require("node:fs");
const { gunzipSync } = require("node:zlib");
const { join, resolve } = require("node:path");

function median(work) {
  const times = [], until = performance.now() + 1000;
  do {
    const begin = performance.now();
    work();
    times.push(performance.now() - begin);
  } while (performance.now() < until || times.length < 3);
  return times.sort((a, b) => a - b)[times.length >> 1];
}

async function main([ours, topology, client]) {
  globalThis.window = globalThis;
  const shapes = await import(join(__dirname, "../geo/maps/assets/shapes.js"));
  const decode = shapes.decode ?? window.JangkauShapes.decode;
  const bytes = new Uint8Array(gunzipSync(readFileSync(ours))), text = gunzipSync(readFileSync(topology)).toString();
  const result = { ours: median(() => decode(bytes.buffer)), parsed: median(() => JSON.parse(text)) };
  if (client) {
    const { feature, mesh } = require(resolve(client));
    result.client = median(() => {
      const parsed = JSON.parse(text);
      feature(parsed, parsed.objects.places);
      mesh(parsed, parsed.objects.places, (left, right) => left !== right);
    });
  }
  console.log(JSON.stringify(result));
}

main(process.argv.slice(2));
