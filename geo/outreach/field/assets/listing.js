// @ts-check
/* The list of villages by round and order, and what is searched in it. */
/** @import { Village } from "./words.js" */
import { plan, say, count, SIGNS, sayDay, element, part } from "./words.js";
import { kept, visitOf } from "./records.js";

const asked = { text: "", round: 0, open: false };
/** Kilometres from where the reader is, by code. */
const distances = /** @type {Map<string, number>} */ (new Map());

/** @param {string} text */
function plain(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase("id");
}

/** Whether each word asked for begins a word of name or subdistrict. @param {Village} village */
function fits(village) {
  if (asked.round && village.round !== asked.round) return false;
  if (asked.open && visitOf(village).status === "visited") return false;
  const text = plain(` ${village.name} ${village.area}`);
  return plain(asked.text).trim().split(/\s+/).every((word) => text.includes(` ${word}`));
}

/** @param {Village} village */
function line(village) {
  const visit = visitOf(village), entry = kept.entries[village.code];
  const facts = [say("planned_people", { n: village.enrol + village.reactivate })];
  if (visit.status === "visited") facts.push(say("enrolled_people", { n: visit.enrolled }));
  if (visit.reactivated) facts.push(say("reactivated_people", { n: visit.reactivated }));
  if (visit.day) facts.push(sayDay(visit.day));
  const far = distances.get(village.code);
  if (far !== undefined) facts.push(say("away", { km: count(far, 1) }));
  if (entry?.waits) facts.push(say("waits"));
  const button = element("button", { type: "button", class: "village", "data-code": village.code },
    element("span", { class: "stop", "aria-hidden": "true" }, village.stop ? String(village.stop) : "·"),
    element("span", { class: "what" }, element("strong", {}, village.name), element("small", {}, village.area)),
    element("span", { class: `chip ${visit.status}` }, `${SIGNS[visit.status]} ${say(`status_${visit.status}`)}`),
    element("small", { class: "facts" }, facts.join(" · ")));
  return element("li", {}, button);
}

/** @param {number} number */
function heading(number) {
  const round = plan.rounds.find((each) => each.number === number);
  if (!round) return [element("h2", {}, say("no_round"))];
  const team = round.team ? ` · ${round.team}` : "";
  const facts = [say("round_facts", { km: count(round.km), hours: count(round.hours, 1), base: round.base })];
  if (round.nights) facts.push(say("nights", { n: round.nights }));
  return [element("h2", {}, say("round", { n: number }) + team), element("p", { class: "quiet" }, facts.join(" · "))];
}

/** Write the list again; the focus stays on its village. */
function paintList() {
  const focused = document.activeElement?.getAttribute("data-code");
  const shown = plan.villages.filter(fits);
  const numbers = [...new Set(shown.map((village) => village.round))];
  const bare = !plan.rounds.length;
  part("villages").replaceChildren(...numbers.flatMap((number) => [
    ...(bare ? [] : heading(number)),
    element("ul", {}, ...shown.filter((village) => village.round === number).map(line)),
  ]));
  if (!shown.length) part("villages").append(element("p", {}, say("none_shown")));
  part("shown").textContent = say("shown", { n: shown.length, all: plan.villages.length });
  if (focused) focus(focused);
}

/** @param {string} code */
function focus(code) {
  const button = part("villages").querySelector(`[data-code="${code}"]`);
  if (button) /** @type {HTMLElement} */ (button).focus({ preventScroll: true });
}

/** The choice of the round. */
function paintRounds() {
  const choice = /** @type {HTMLSelectElement} */ (part("rounds"));
  const rounds = plan.rounds.map((round) =>
    element("option", { value: String(round.number) }, [say("round", { n: round.number }), round.team].filter(Boolean).join(" · ")));
  choice.replaceChildren(element("option", { value: "0" }, say("all_rounds")), ...rounds);
  choice.value = String(asked.round);
  choice.hidden = !plan.rounds.length;
}

export { asked, distances, fits, paintList, focus, paintRounds };
