// @ts-check
/* The results as files, and the ways that they leave the device. */
/** @import { Entry } from "./records.js" */
import { plan, FIELDS, reader, say, today } from "./words.js";
import { kept, markSent } from "./records.js";

const KEY = "jangkau_key", BEFORE = "jangkau_before";

/** @param {Record<string, Entry>} entries @param {{ format: string, plan: string, name: string }} of @param {string} moment */
function writeJson(entries, of, moment) {
  const rows = Object.values(entries).map(({ key, visit, sent }) => ({ key, ...visit, before: sent }));
  return JSON.stringify({ format: of.format, version: 1, plan: of.plan, name: of.name, written: moment, rows }, null, 1);
}

/** A cell that no spreadsheet takes for a formula. @param {string | number} value */
function cell(value) {
  const text = String(value).replace(/^[=+\-@\t\r]/, " $&");
  return /[";\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * Columns of the worklist, parted by semicolons as Indonesian spreadsheets expect them.
 * @param {Record<string, Entry>} entries @param {{ code: string, name: string, area: string }[]} villages
 * @param {(key: string) => string} words
 */
function writeCsv(entries, villages, words) {
  const places = new Map(villages.map((village) => [village.code, village]));
  const head = [KEY, words("subdistrict"), words("village"), ...FIELDS.map((name) => words(`heading_${name}`)), BEFORE];
  const rows = Object.entries(entries).map(([code, { key, visit, sent }]) => {
    const shown = FIELDS.map((name) => name === "status" ? words(`status_${visit.status}`) : visit[name]);
    return [key, places.get(code)?.area ?? "", places.get(code)?.name ?? "", ...shown, JSON.stringify(sent)];
  });
  return `\ufeff${[head, ...rows].map((row) => row.map(cell).join(";")).join("\r\n")}\r\n`;
}

/** @param {string} kind */
function build(kind) {
  const name = `${reader.language === "id" ? "hasil" : "results"}-${plan.plan}-${today()}.${kind}`;
  const text = kind === "json" ? writeJson(kept.entries, plan, new Date().toISOString()) : writeCsv(kept.entries, plan.villages, say);
  return new File([text], name, { type: kind === "json" ? "application/json" : "text/csv" });
}

/** Hand a file to the browser's downloads. @param {string} kind */
function download(kind) {
  const file = build(kind), link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = file.name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  markSent();
  return file.name;
}

/** The file that this device can share: some share no JSON. */
function shareable() {
  const files = ["json", "csv"].map(build);
  return files.find((file) => navigator.canShare?.({ files: [file] }));
}

/** Whether the results were handed to another app. */
async function share() {
  const file = shareable();
  try {
    await navigator.share({ files: file ? [file] : [], title: plan.name });
  } catch {
    return false;
  }
  markSent();
  return true;
}

export { writeJson, writeCsv, download, shareable, share };
