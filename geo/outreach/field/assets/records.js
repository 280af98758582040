// @ts-check
/* What was recorded on this device: kept in its storage under the plan's id, and nowhere else. */
/** @import { Visit, Village } from "./words.js" */
import { plan, FIELDS } from "./words.js";

/** What holds here of a village, with its hidden key and what was exported of it before.
 * @typedef {{ key: string, visit: Visit, sent: Visit[], waits: boolean }} Entry */
/** What was typed for a village and not saved yet. @typedef {{ code: string, typed: Record<string, string> }} Draft */
/** @typedef {{ language?: string, theme?: string, team?: string, draft?: Draft | null }} Choices */

// As the office hides them: runs of 11 or more digits, however they are grouped.
const LONG_NUMBER = /\d(?:[ .-]?\d){10,}/g;
const NAME = `jangkau-field:${plan.plan}`;
const CHOICES = `${NAME}:choices`;

const kept = { entries: /** @type {Record<string, Entry>} */ ({}), choices: /** @type {Choices} */ ({}), works: true };

/** @param {Visit} one @param {Visit} two */
function isSame(one, two) {
  return FIELDS.every((name) => one[name] === two[name]);
}

/** @param {string} text */
function hideNumbers(text) {
  return text.replace(LONG_NUMBER, "…");
}

/** @param {string} name @param {any} empty */
function read(name, empty) {
  try {
    return JSON.parse(localStorage.getItem(name) || "null") || empty;
  } catch {
    kept.works = false;
    return empty;
  }
}

/** @param {string} name @param {unknown} value */
function write(name, value) {
  try {
    localStorage.setItem(name, JSON.stringify(value));
  } catch {
    kept.works = false;
  }
}

/** Read what was kept; what the office has meanwhile recorded just so is no news any more. */
function openRecords() {
  write(`${NAME}:check`, 1);
  kept.choices = read(CHOICES, {});
  kept.entries = read(NAME, {});
  for (const village of plan.villages) {
    const entry = kept.entries[village.code];
    if (entry && entry.key !== village.key && isSame(entry.visit, village.record)) delete kept.entries[village.code];
  }
}

/** @param {Partial<Choices>} changed */
function choose(changed) {
  Object.assign(kept.choices, changed);
  write(CHOICES, kept.choices);
}

/** What holds of a village: as recorded here, else as the office has it. @param {Village} village */
function visitOf(village) {
  return kept.entries[village.code]?.visit ?? village.record;
}

/** @param {Village} village @param {Visit} visit */
function record(village, visit) {
  // Another tab may have recorded meanwhile.
  kept.entries = kept.works ? read(NAME, kept.entries) : kept.entries;
  const before = kept.entries[village.code];
  const checked = { ...visit, team: hideNumbers(visit.team.trim()), note: hideNumbers(visit.note.trim()) };
  if (before && isSame(before.visit, checked)) return;
  if (isSame(checked, village.record) && !before?.sent.length) delete kept.entries[village.code];
  else {
    const key = before?.key ?? village.key, sent = before?.sent ?? [];
    kept.entries[village.code] = { key, visit: checked, sent, waits: true };
  }
  write(NAME, kept.entries);
}

/** Note that all was exported, so that a later correction says what it corrects. */
function markSent() {
  for (const entry of Object.values(kept.entries)) {
    entry.waits = false;
    if (!entry.sent.some((visit) => isSame(visit, entry.visit))) entry.sent.push(entry.visit);
  }
  write(NAME, kept.entries);
}

function countWaiting() {
  return Object.values(kept.entries).filter((entry) => entry.waits).length;
}

export { NAME, kept, hideNumbers, openRecords, choose, visitOf, record, markSent, countWaiting };
