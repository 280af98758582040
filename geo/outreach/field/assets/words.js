// @ts-check
/* The plan as the page is told it, and words and figures in the reader's language. */

/** @typedef {{ status: string, enrolled: number, reactivated: number, team: string, day: string, note: string }} Visit */
/** @typedef {[number, number]} Place */
/** @typedef {{ key: string, code: string, name: string, area: string, round: number, stop: number, enrol: number,
 *   reactivate: number, cost: number | null, km: number | null, lat: number | null, lon: number | null, placed: number,
 *   at: Place | null, seen: number, conflict: number, record: Visit }} Village */
/** @typedef {{ number: number, team: string, base: string, km: number, hours: number, nights: number, line: Place[] }} Round */
/** @typedef {{ format: string, plan: string, name: string, language: string, served: boolean,
 *   words: Record<string, Record<string, string>>, notes: Record<string, string[]>,
 *   prices: Record<string, [string, string][]>, villages: Village[], rounds: Round[],
 *   bases: { name: string, at: Place | null }[],
 *   map: { size: Place, projection: [number, number, number, number, number],
 *     areas: { name: string, path: string, at: Place }[], shapes: [string, string][] } }} Plan */

const LOCALES = /** @type {Record<string, string>} */ ({ id: "id-ID", en: "en-GB" });
const STATUSES = ["planned", "visited", "postponed", "refused"];
const SIGNS = /** @type {Record<string, string>} */ ({ planned: "○", visited: "✓", postponed: "…", refused: "✕" });

const FIELDS = /** @type {(keyof Visit)[]} */ (["status", "enrolled", "reactivated", "team", "day", "note"]);
const NOTHING = ["planned", 0, 0, "", "", ""];

/** @param {string[]} names @param {any[]} cells @returns {any} */
function name(names, cells) {
  return Object.fromEntries(names.map((each, i) => [each, cells[i]]));
}

/** The plan as the page holds it. @returns {Plan} */
function readPlan() {
  const told = JSON.parse(document.getElementById("plan")?.textContent || "{}");
  const villages = told.villages.map((/** @type {any[]} */ cells) => {
    const village = name(told.columns, cells);
    const record = name(FIELDS, village.record || NOTHING);
    return { ...village, key: `${told.plan}:${village.code}:${village.seen}`, record };
  });
  return { ...told, villages };
}

const plan = typeof document === "undefined" ? /** @type {Plan} */ ({}) : readPlan();
const reader = { language: plan.language };

/** @param {string} key @param {Record<string, string | number>} [facts] */
function say(key, facts = {}) {
  const sentence = plan.words[reader.language][key];
  return sentence.replace(/\{(\w+)\}/g, (_, name) => typeof facts[name] === "number" ? count(facts[name]) : facts[name]);
}

/** @param {number} value @param {number} [digits] */
function count(value, digits = 0) {
  const format = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return value.toLocaleString(LOCALES[reader.language], format);
}

/** @param {string} day such as 2026-12-01 */
function sayDay(day) {
  const [year, month, date] = day.split("-").map(Number);
  const words = { day: "numeric", month: "short", year: "numeric" };
  return new Date(year, month - 1, date).toLocaleDateString(LOCALES[reader.language], /** @type {any} */ (words));
}

/** Today where the device is, as 2026-12-01. */
function today() {
  const now = new Date();
  const two = (/** @type {number} */ value) => String(value).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag @param {Record<string, string>} [attributes] @param {...(string | Node)} inside
 */
function element(tag, attributes = {}, ...inside) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...inside);
  return made;
}

/** An element of the page that is always there. @param {string} id */
function part(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}

export { LOCALES, FIELDS, STATUSES, SIGNS, plan, reader, say, count, sayDay, today, element, part };
