// @ts-check
/* What a tooltip says of a place; its figures come once for a view. */
import { formatCount, formatRate } from "./numbers.js";
import { FADED, letterAt } from "./view.js";

/** @import { Values, View } from "./view.js" */
/** Whole numbers in the order of the places, -1 for unknown. @typedef {{ enrolled: number[], eligible: number[], gap: number[], low?: number[], high?: number[], origin?: number[], known?: number[], passing?: number[], villages?: number[] }} Figures */
/** @typedef {{ there: Figures | null, reading: Promise<void> }} FiguresEntry */

const MOST_KEPT = 8;
/** @type {Map<string, FiguresEntry>} */
const kept = new Map();

/**
 * Figures of a view: what is there of them, and when all is.
 * @param {Values} values
 * @returns {FiguresEntry}
 */
function figuresOf(values) {
  const key = values.url ?? values.data;
  const known = kept.get(key);
  if (known) return known;
  const reading = values.url !== undefined
    ? fetch(values.url).then((answer) => (answer.ok ? answer.json() : null))
    : window.JangkauPage.unpack(values.data).then((buffer) => JSON.parse(new TextDecoder().decode(buffer)));
  if (kept.size >= MOST_KEPT) kept.delete([...kept.keys()][0]);
  /** @type {FiguresEntry} */
  const entry = { there: null, reading: Promise.resolve() };
  entry.reading = reading.then((figures) => { entry.there = figures; }, () => {});
  kept.set(key, entry);
  return entry;
}

/** @param {string} template @param {Record<string, string>} facts */
function fill(template, facts) {
  return template.replace(/\{(\w+)\}/g, (_, name) => facts[name]);
}

/**
 * Lines of a place's tooltip; a state other than a class says itself first.
 * @param {View} view @param {Figures | null} figures @param {number} at
 */
function tooltipLines(view, figures, at) {
  const { words, styles, states } = view;
  const style = letterAt(view.classes, at) % FADED;
  if (!figures) return [styles[style].words];
  const { enrolled, eligible, gap, low, high, origin, known, passing, villages = [] } = figures, marks = words.marks;
  const count = (/** @type {number[]} */ values) => formatCount(values[at], marks), lines = [];
  if (known && styles[style].pattern === "wide") lines.push(fill(words.known, { known: count(known), villages: count(villages) }));
  else if (style >= states) lines.push(styles[style].words);
  if (enrolled[at] >= 0 && eligible[at] > 0) lines.push(fill(words.rate, { rate: formatRate(enrolled[at] / eligible[at], marks) }));
  /* What is not known has been said by the state; a dash is no figure. */
  if (enrolled[at] >= 0 && eligible[at] >= 0) lines.push(fill(words.people, { enrolled: count(enrolled), eligible: count(eligible) }));
  else if (enrolled[at] >= 0) lines.push(fill(words.enrolled, { people: count(enrolled) }));
  else if (eligible[at] >= 0) lines.push(fill(words.eligible, { people: count(eligible) }));
  if (gap[at] >= 0) lines.push(fill(words.gap, { gap: count(gap) }));
  if (origin && origin[at] >= 0) lines.push(fill(words.origins[origin[at]], { low: low ? count(low) : "", high: high ? count(high) : "" }));
  if (passing) lines.push(fill(words.found, { found: count(passing), villages: count(villages) }));
  return lines;
}

/** @param {string} name @param {string[]} lines */
function tooltip(name, lines) {
  const box = document.createElement("div"), title = document.createElement("strong");
  title.textContent = name;
  box.append(title, ...lines.map((text) => Object.assign(document.createElement("div"), { textContent: text })));
  return box;
}

export { figuresOf, tooltip, tooltipLines };
