// @ts-check
/* The page of a plan in the field: starts it and ties its parts together. */
/** @import { Village } from "./words.js" */
import { plan, reader, say, count, element, part } from "./words.js";
import { NAME, kept, openRecords, choose, visitOf, countWaiting } from "./records.js";
import { download, shareable, share } from "./results.js";
import { sight, build, paint, goTo, showYou, listenToMap, paintLegend } from "./drawing.js";
import { asked, distances, paintList, focus, paintRounds } from "./listing.js";
import { openForm, listenToForm } from "./form.js";

const EARTH = 6371;

/** @param {string} sentence */
function tell(sentence) {
  part("told").textContent = sentence;
}

function paintProgress() {
  const visits = plan.villages.map(visitOf);
  const done = visits.filter((visit) => visit.status === "visited").length;
  const sum = (/** @type {"enrolled" | "reactivated"} */ name) => visits.reduce((total, visit) => total + visit[name], 0);
  const bar = /** @type {HTMLProgressElement} */ (part("progress"));
  [bar.max, bar.value] = [visits.length, done];
  bar.setAttribute("aria-label", say("progress", { done, all: visits.length }));
  part("progress-words").textContent = say("progress", { done, all: visits.length });
  part("people-words").textContent = say("people_done", { n: sum("enrolled"), again: sum("reactivated") });
  const waiting = countWaiting(), any = Object.keys(kept.entries).length > 0;
  part("waiting").textContent = waiting ? say("unsent", { n: waiting }) : any ? say("all_sent") : say("nothing");
  part("waiting").classList.toggle("unsent", waiting > 0);
  part("not-kept").hidden = kept.works;
}

/** All that depends on what is recorded. */
function repaint() {
  paint();
  paintList();
  paintProgress();
}

/** All that depends on the language as well. */
function paintWords() {
  document.documentElement.lang = reader.language;
  document.title = `${plan.name}: ${say("title")}`;
  for (const node of document.querySelectorAll("[data-word]")) node.textContent = say(node.getAttribute("data-word") || "");
  for (const node of document.querySelectorAll("[data-label]")) node.setAttribute("aria-label", say(node.getAttribute("data-label") || ""));
  part("search").setAttribute("placeholder", say("search"));
  part("notes").textContent = plan.notes[reader.language].join(" · ");
  part("prices").replaceChildren(...plan.prices[reader.language].flatMap(([segment, price]) => [element("dt", {}, segment), element("dd", {}, price)]));
  for (const button of document.querySelectorAll("[data-language]"))
    button.setAttribute("aria-pressed", String(button.getAttribute("data-language") === reader.language));
  paintTheme();
  paintRounds();
  paintLegend();
  repaint();
}

function isDark() {
  return kept.choices.theme ? kept.choices.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function paintTheme() {
  document.documentElement.dataset.theme = isDark() ? "dark" : "light";
  part("theme").textContent = say(isDark() ? "light" : "dark");
}

/** @param {"list" | "map"} shown */
function show(shown) {
  document.body.dataset.shown = shown;
  for (const tab of ["list", "map"]) part(`show-${tab}`).setAttribute("aria-pressed", String(tab === shown));
}

/** @param {Village} village */
function openVillage(village) {
  sight.chosen = village.code;
  paint();
  openForm(village, village.code);
}

/** Kilometres between two positions in degrees. @param {number[]} one @param {number[]} two */
function distance([lat, lon], [lat2, lon2]) {
  const radians = (/** @type {number} */ degrees) => degrees * Math.PI / 180;
  const across = Math.sin(radians(lon2 - lon) / 2) ** 2 * Math.cos(radians(lat)) * Math.cos(radians(lat2));
  return 2 * EARTH * Math.asin(Math.sqrt(Math.sin(radians(lat2 - lat) / 2) ** 2 + across));
}

/** @param {GeolocationPosition} position */
function placeReader({ coords }) {
  for (const { code, lat, lon } of plan.villages)
    if (lat !== null && lon !== null) distances.set(code, distance([coords.latitude, coords.longitude], [lat, lon]));
  const [nearest] = [...distances].sort((one, two) => one[1] - two[1]);
  showYou(coords.longitude, coords.latitude, coords.accuracy);
  const village = plan.villages.find(({ code }) => code === nearest?.[0]);
  if (village) tell(say("located", { place: village.name, km: count(nearest[1], 1) }));
  paintList();
}

function locate() {
  tell(say("locating"));
  const failed = () => tell(say("not_located"));
  if (!navigator.geolocation) failed();
  else navigator.geolocation.getCurrentPosition(placeReader, failed, { enableHighAccuracy: true, timeout: 30000, maximumAge: 60000 });
}

/** @param {string} kind */
function exportAs(kind) {
  if (!Object.keys(kept.entries).length) return tell(say("nothing"));
  const file = download(kind);
  tell(say("exported", { file, n: Object.keys(kept.entries).length }));
  repaint();
}

async function shareAll() {
  if (await share()) tell(say("shared", { n: Object.keys(kept.entries).length }));
  repaint();
}

function listenToSearch() {
  part("search").addEventListener("input", (event) => {
    asked.text = /** @type {HTMLInputElement} */ (event.target).value;
    paintList();
  });
  part("rounds").addEventListener("change", (event) => {
    asked.round = sight.round = Number(/** @type {HTMLSelectElement} */ (event.target).value);
    repaint();
  });
  part("open-only").addEventListener("change", (event) => {
    asked.open = /** @type {HTMLInputElement} */ (event.target).checked;
    paintList();
  });
  part("villages").addEventListener("click", (event) => {
    const code = /** @type {Element} */ (event.target).closest("[data-code]")?.getAttribute("data-code");
    const village = plan.villages.find((each) => each.code === code);
    if (!village) return;
    openVillage(village);
    if (village.at) goTo(village.at, 3);
  });
}

function listenToButtons() {
  for (const button of document.querySelectorAll("[data-language]"))
    button.addEventListener("click", () => {
      reader.language = button.getAttribute("data-language") || "id";
      choose({ language: reader.language });
      paintWords();
    });
  part("theme").addEventListener("click", () => {
    choose({ theme: isDark() ? "light" : "dark" });
    paintTheme();
  });
  part("show-list").addEventListener("click", () => show("list"));
  part("show-map").addEventListener("click", () => show("map"));
  part("locate").addEventListener("click", () => {
    show("map");
    locate();
  });
  part("export").addEventListener("click", () => exportAs("json"));
  part("csv").addEventListener("click", () => exportAs("csv"));
  part("share").addEventListener("click", shareAll);
}

function keepPage() {
  if (!plan.served || !("serviceWorker" in navigator)) return;
  navigator.serviceWorker.register("worker.js", { scope: "./" }).then(() => navigator.serviceWorker.ready).then(
    () => {
      part("offline").hidden = false;
      document.documentElement.dataset.kept = "yes";
    },
    () => {});
}

function start() {
  openRecords();
  reader.language = kept.choices.language ?? plan.language;
  build();
  listenToMap(openVillage);
  listenToForm((village) => {
    repaint();
    tell(say("recorded", { place: village.name }));
  }, (code) => {
    sight.chosen = "";
    paint();
    focus(code);
  });
  listenToSearch();
  listenToButtons();
  part("share").hidden = !shareable();
  show("list");
  paintWords();
  // Another tab of the same plan has recorded something.
  window.addEventListener("storage", (event) => {
    if (event.key !== NAME) return;
    openRecords();
    repaint();
  });
  window.addEventListener("beforeunload", (event) => {
    if (!kept.works && countWaiting()) event.preventDefault();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paintTheme);
  keepPage();
  const drafted = plan.villages.find(({ code }) => code === kept.choices.draft?.code);
  if (drafted) openVillage(drafted);
}

start();
