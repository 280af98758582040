/* Times the decoding of one set of villages in both formats, for bench/shape_formats.py.
 *
 * node bench/decode_shapes.mjs OURS.bin.gz TOPOLOGY.json.gz [TOPOJSON-CLIENT] prints milliseconds, the
 * median of the times that fit into a second: ours; topology parsed; with its features and the mesh of
 * borders between two places, where the folder of topojson-client is given.
 */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { gunzipSync } from "node:zlib";

import { decode } from "../geo/maps/assets/shapes.js";

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
  const bytes = new Uint8Array(gunzipSync(readFileSync(ours))), text = gunzipSync(readFileSync(topology)).toString();
  const result = { ours: median(() => decode(bytes.buffer)), parsed: median(() => JSON.parse(text)) };
  if (client) {
    const { feature, mesh } = await import(resolve(client, "src/index.js"));
    result.client = median(() => {
      const parsed = JSON.parse(text);
      feature(parsed, parsed.objects.places);
      mesh(parsed, parsed.objects.places, (left, right) => left !== right);
    });
  }
  console.log(JSON.stringify(result));
}

await main(process.argv.slice(2));
