// @ts-check
/* The form of a visit, in a dialog that fills a phone's screen. */
/** @import { Village, Visit } from "./words.js" */
import { say, count, STATUSES, SIGNS, today, element, part } from "./words.js";
import { kept, choose, hideNumbers, visitOf, record } from "./records.js";

const MOST = 100000;
const TYPED = ["enrolled", "reactivated", "team", "day", "note"];
const opened = { village: /** @type {Village | null} */ (null), back: "" };

const dialog = () => /** @type {HTMLDialogElement} */ (part("visit"));
const field = (/** @type {string} */ name) => /** @type {HTMLInputElement} */ (part(`visit-${name}`));

/** Position, way and cost: what helps to get there. @param {Village} village */
function facts(village) {
  const lines = [[say("to_enrol"), count(village.enrol)]];
  if (village.reactivate) lines.push([say("to_reactivate"), count(village.reactivate)]);
  if (village.km !== null) lines.push([say("way"), `≈ ${count(village.km, 1)} km`]);
  if (village.cost !== null) lines.push([say("visit_cost"), `Rp\u00a0${count(village.cost)}`]);
  const { lat, lon } = village;
  const at = lat === null || lon === null ? say("no_position") : `${count(lat, 5)}; ${count(lon, 5)}`;
  lines.push([say("position"), village.placed || lat === null ? at : `${at}. ${say("near_position")}`]);
  if (kept.entries[village.code] && village.record.status !== "planned")
    lines.push([say("from_office"), say(`status_${village.record.status}`)]);
  return lines.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]);
}

/** @param {string} status */
function choices(status) {
  return STATUSES.map((key) => {
    const input = element("input", { type: "radio", name: "status", value: key });
    input.checked = key === status;
    return element("label", { class: key }, input, element("span", {}, `${SIGNS[key]} ${say(`status_${key}`)}`));
  });
}

/** @param {Village} village @param {string} back code of the village that the focus returns to */
function openForm(village, back) {
  Object.assign(opened, { village, back });
  const visit = visitOf(village);
  const draft = kept.choices.draft?.code === village.code ? kept.choices.draft.typed : {};
  part("visit-name").textContent = village.name;
  part("visit-area").textContent = village.area + (village.round ? ` · ${say("round", { n: village.round })}` : "");
  part("visit-facts").replaceChildren(...facts(village));
  part("visit-conflict").hidden = !village.conflict;
  part("visit-status").replaceChildren(...choices(draft.status ?? visit.status));
  const fresh = visit.status === "planned";
  field("enrolled").value = fresh && !visit.enrolled ? "" : String(visit.enrolled);
  field("reactivated").value = fresh && !visit.reactivated ? "" : String(visit.reactivated);
  field("team").value = visit.team || kept.choices.team || "";
  field("day").value = visit.day || (fresh ? today() : "");
  field("day").max = today();
  field("note").value = visit.note;
  for (const name of TYPED) if (name in draft) field(name).value = draft[name];
  const link = /** @type {HTMLAnchorElement} */ (part("visit-open"));
  link.hidden = village.lat === null;
  link.href = `geo:${village.lat},${village.lon}?q=${village.lat},${village.lon}(${encodeURIComponent(village.name)})`;
  for (const name of ["enrolled", "reactivated", "day"]) complain(name, "");
  dialog().showModal();
  dialog().scrollTop = 0;
}

/** Keep what is typed: a call, or an empty battery, ends the page without asking. */
function keepDraft() {
  const { village } = opened;
  if (!village) return;
  const typed = Object.fromEntries(TYPED.map((name) => [name, field(name).value]));
  for (const name of ["team", "note"]) typed[name] = hideNumbers(typed[name]);
  choose({ draft: { code: village.code, typed: { ...typed, status: chosenStatus() } } });
}

function chosenStatus() {
  const chosen = /** @type {HTMLInputElement | null} */ (dialog().querySelector("input[name=status]:checked"));
  return chosen?.value ?? "planned";
}

/** @param {string} name @param {string} sentence empty where nothing is wrong */
function complain(name, sentence) {
  part(`wrong-${name}`).textContent = sentence;
  field(name).setAttribute("aria-invalid", String(Boolean(sentence)));
}

/** People typed; null where it is no whole number. @param {string} name */
function readPeople(name) {
  const text = field(name).value.trim() || "0", people = Number(text);
  const right = /^\d{1,6}$/.test(text) && people <= MOST && !field(name).validity.badInput;
  complain(name, right ? "" : say("number_wrong"));
  return right ? people : null;
}

/** What the form says; null where it must be mended first. @returns {Visit | null} */
function readForm() {
  const status = chosenStatus();
  const [enrolled, reactivated] = ["enrolled", "reactivated"].map(readPeople);
  let day = field("day").value;
  // A village that waits for its visit has a day only where somebody has set one.
  if (status === "planned" && opened.village?.record.day !== day) day = opened.village?.record.day ?? "";
  const dated = status === "planned" || (/^\d{4}-\d\d-\d\d$/.test(day) && day <= today() && day >= "2020-01-01");
  complain("day", dated ? "" : say("day_wrong"));
  if (enrolled === null || reactivated === null || !dated) {
    /** @type {HTMLElement | null} */ (dialog().querySelector("[aria-invalid=true]"))?.focus();
    return null;
  }
  return { status, enrolled, reactivated, team: field("team").value, day, note: field("note").value };
}

/** @param {(village: Village) => void} saved @param {(code: string) => void} closed */
function listenToForm(saved, closed) {
  part("visit-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const visit = readForm(), { village } = opened;
    if (!visit || !village) return;
    if (visit.team !== (kept.choices.team ?? "")) choose({ team: visit.team.trim() });
    record(village, visit);
    dialog().close();
    saved(village);
  });
  part("visit-close").addEventListener("click", () => dialog().close());
  part("visit-cancel").addEventListener("click", () => dialog().close());
  dialog().addEventListener("close", () => {
    choose({ draft: null });
    closed(opened.back);
  });
  for (const button of dialog().querySelectorAll("[data-step]"))
    button.addEventListener("click", () => {
      const name = button.getAttribute("data-of") || "", step = Number(button.getAttribute("data-step"));
      field(name).value = String(Math.min(MOST, Math.max(0, (Number(field(name).value) || 0) + step)));
      complain(name, "");
      if (step > 0) visited();
      keepDraft();
    });
  for (const name of ["enrolled", "reactivated"]) field(name).addEventListener("input", visited);
  part("visit-form").addEventListener("input", keepDraft);
}

/** Who counts people has been there. */
function visited() {
  const planned = /** @type {HTMLInputElement | null} */ (dialog().querySelector("input[value=planned]"));
  const been = /** @type {HTMLInputElement | null} */ (dialog().querySelector("input[value=visited]"));
  if (planned?.checked && been) been.checked = true;
}


export { openForm, listenToForm };
