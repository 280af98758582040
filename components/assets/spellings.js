// @ts-check
/* Spellings to confirm, in bulk too: data comes from geo.audit.spelling_table, all text becomes text
   nodes. What is edited stays here until it is confirmed, then goes back as codes by key. */
/** @import { Part } from "./part.js" */
/** A spelling; `standing` says how it was matched, `suggested` are codes of villages. @typedef {{ key: string, code: string, village: string, above: string, people: string, rows: string, matching: string, standing: string, first: string, suggested: string[] }} Row */
/** @typedef {{ rows: Row[], names: Record<string, string>, labels: Record<string, string>, standings: Record<string, string>, language: string, asked: string, hits: string[] }} Data */
/** What was chosen here for a spelling, and whether it is to be confirmed. @typedef {{ code: string, tick: boolean }} Edit */
/** @typedef {{ data: Data, number: Intl.NumberFormat, edits: Map<string, Edit>, names: Map<string, string>, show: string, find: string, page: number, typed: string, refresh: (() => void) | null, timer?: number }} State */
/** Shows again what has changed, the focus on a spelling. @typedef {(focused?: string) => void} Again */

const PER_PAGE = 25;
const WAIT = 250; /* milliseconds after the last key before the villages are searched */

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag @param {string} [className] @param {string} [text]
 */
function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

/** @param {string} words @param {Record<string, string>} facts */
function fill(words, facts) {
  return words.replace(/\{(\w+)\}/g, (_, name) => facts[name]);
}

/** @param {string} words @param {string} className @param {() => void} act */
function button(words, className, act) {
  const made = element("button", className, words);
  made.type = "button";
  made.onclick = act;
  return made;
}

/**
 * One spelling as it stands: what was chosen here, else what matching says.
 * @param {Row} row @param {State} state @returns {Edit}
 */
function choice(row, state) {
  return state.edits.get(row.key) ?? { code: row.code, tick: false };
}

/** @param {Row} row */
function isOpen(row) {
  return row.standing === "ambiguous" || row.standing === "unmatched";
}

/** @param {Row} row @param {Pick<State, "show" | "find">} state */
function passes(row, state) {
  const { show, find } = state;
  if (show === "open" ? !isOpen(row) : show !== "all" && row.standing !== show) return false;
  const text = `${row.village} ${row.above}`.toLowerCase();
  return find.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}

/** @param {Row} row @param {State} state @param {(code: string) => void} pick */
function listbox(row, state, pick) {
  const { data } = state;
  const box = element("ul", "options");
  box.setAttribute("role", "listbox");
  const asked = state.typed.trim();
  const ready = asked && data.asked === asked;
  const codes = asked ? (ready ? data.hits : []) : row.suggested;
  if (!asked) box.append(element("li", "remark", codes.length ? data.labels.suggested : data.labels.hint));
  if (ready && !codes.length) box.append(element("li", "remark", data.labels.nothing));
  codes.forEach((code) => {
    const option = element("li", "option", state.names.get(code) ?? code);
    option.setAttribute("role", "option");
    option.dataset.code = code;
    option.onpointerdown = (event) => { event.preventDefault(); pick(code); };
    box.append(option);
  });
  mark(box, codes.length ? 0 : -1);
  return box;
}

/** @param {Element} box @param {number} at */
function mark(box, at) {
  const options = [...box.querySelectorAll(".option")];
  options.forEach((option, i) => option.setAttribute("aria-selected", String(i === at)));
  options[at]?.scrollIntoView({ block: "nearest" });
}

/** @param {Row} row @param {State} state @param {Again} again @param {(text: string) => void} ask */
function villageCell(row, state, again, ask) {
  const cell = element("td", "choose");
  const chosen = choice(row, state);
  const field = element("input");
  field.type = "text";
  field.value = chosen.code ? (state.names.get(chosen.code) ?? chosen.code) : "";
  const guess = state.names.get(row.suggested[0]);
  field.placeholder = guess ? `${guess}?` : state.data.labels.hint;
  field.autocomplete = "off";
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-expanded", "false");
  field.setAttribute("aria-label", `${state.data.labels.village}: ${row.village}, ${row.above}`);
  const close = () => {
    cell.querySelector(".options")?.remove();
    field.setAttribute("aria-expanded", "false");
    state.typed = ""; state.refresh = null;
  };
  const pick = (/** @type {string} */ code) => { close(); state.edits.set(row.key, { code, tick: true }); again(row.key); };
  const open = () => {
    cell.querySelector(".options")?.remove();
    cell.append(listbox(row, state, pick));
    field.setAttribute("aria-expanded", "true");
    state.refresh = open;
  };
  field.onfocus = () => { state.typed = ""; field.select(); open(); };
  field.onblur = () => {
    close();
    if (!field.value.trim()) { state.edits.set(row.key, { code: "", tick: false }); again(); }
    else field.value = chosen.code ? (state.names.get(chosen.code) ?? chosen.code) : "";
  };
  field.oninput = () => { state.typed = field.value; open(); ask(field.value.trim()); };
  field.onkeydown = (event) => {
    const box = cell.querySelector(".options");
    /** @type {NodeListOf<HTMLElement>} */
    const listed = cell.querySelectorAll(".option"), options = [...listed];
    const at = options.findIndex((o) => o.getAttribute("aria-selected") === "true");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key] ?? 0;
    if (step && box) { event.preventDefault(); mark(box, Math.max(0, Math.min(options.length - 1, at + step))); }
    else if (event.key === "Enter" && options[at]) { event.preventDefault(); pick(options[at].dataset.code ?? ""); }
    else if (event.key === "Escape") { field.value = chosen.code ? (state.names.get(chosen.code) ?? chosen.code) : ""; field.blur(); }
  };
  cell.append(field);
  return cell;
}

/** @param {Row} row @param {State} state @param {Again} again */
function tickCell(row, state, again) {
  const cell = element("td", "tick");
  const chosen = choice(row, state);
  const box = element("input");
  box.type = "checkbox";
  box.checked = chosen.tick;
  box.disabled = !chosen.code;
  box.setAttribute("aria-label", `${state.data.labels.tick}: ${row.village}, ${row.above}`);
  box.onchange = () => { state.edits.set(row.key, { ...chosen, tick: box.checked }); again(); };
  cell.append(box);
  return cell;
}

/** @param {Row} row @param {State} state @param {Again} again @param {(text: string) => void} ask */
function line(row, state, again, ask) {
  const { labels } = state.data;
  const made = element("tr");
  made.dataset.key = row.key;
  const given = element("td", "given");
  given.append(element("strong", "", row.village), element("small", "", row.above));
  const size = (/** @type {"people" | "rows"} */ name) => {
    const cell = element("td", "number", row[name]);
    cell.dataset.label = labels[name];
    return cell;
  };
  const matching = element("td", "matching");
  matching.append(element("span", `state ${row.standing}`, row.matching));
  made.append(
    tickCell(row, state, again), given, size("people"), size("rows"), matching,
    villageCell(row, state, again, ask),
  );
  return made;
}

/** @param {State} state @param {Again} again */
function tools(state, again) {
  const { labels, standings, rows } = state.data;
  const bar = element("div", "tools");
  const show = element("select");
  show.setAttribute("aria-label", labels.show);
  /** @type {Record<string, number>} */
  const counts = { all: rows.length, open: rows.filter(isOpen).length };
  for (const key of Object.keys(standings)) counts[key] = rows.filter((r) => r.standing === key).length;
  for (const [key, count] of Object.entries(counts)) {
    if (!count && key !== state.show) continue;
    const option = element("option", "", `${labels[key === "all" || key === "open" ? key : ""] ?? standings[key]} (${state.number.format(count)})`);
    option.value = key;
    option.selected = key === state.show;
    show.append(option);
  }
  show.onchange = () => { state.show = show.value; state.page = 0; again(); };
  const find = element("input", "find");
  find.type = "search";
  find.value = state.find;
  find.placeholder = labels.find;
  find.setAttribute("aria-label", labels.find);
  find.oninput = () => { state.find = find.value; state.page = 0; again(); };
  /* In bulk for whatever the search leaves, and shown, so that nobody confirms what is not seen. */
  /** @param {string} words @param {string} kind @param {(row: Row) => string} choose */
  const all = (words, kind, choose) => {
    const able = rows.filter((row) => passes(row, { show: kind, find: state.find }) && choose(row));
    const made = button(words, "plain", () => {
      for (const row of able) state.edits.set(row.key, { code: choice(row, state).code || choose(row), tick: true });
      state.show = kind; state.page = 0;
      again();
    });
    made.disabled = !able.length;
    return made;
  };
  /* A suggestion in another subdistrict than the file names is for a person to look at. */
  const first = all(labels.first, "open", (row) => row.first);
  const likely = all(labels.likely, "likely", (row) => row.code);
  const none = () => { state.edits.clear(); again(); };
  bar.append(show, find, first, likely, button(labels.none, "plain", none));
  return bar;
}

/** @param {Row[]} found @param {State} state @param {Again} again */
function pager(found, state, again) {
  const { labels } = state.data;
  const bar = element("div", "pager");
  const last = Math.max(0, Math.ceil(found.length / PER_PAGE) - 1);
  state.page = Math.min(state.page, last);
  if (found.length <= PER_PAGE) return bar;
  const go = (/** @type {number} */ step) => () => { state.page += step; again(); };
  const earlier = button(labels.earlier, "plain", go(-1)), later = button(labels.later, "plain", go(1));
  earlier.disabled = state.page === 0;
  later.disabled = state.page === last;
  const from = state.page * PER_PAGE;
  const limits = { first: from + 1, last: Math.min(from + PER_PAGE, found.length), all: found.length };
  const facts = Object.fromEntries(Object.entries(limits).map(([name, value]) => [name, state.number.format(value)]));
  bar.append(earlier, element("span", "", fill(labels.page, facts)), later);
  return bar;
}

/** @param {Row[]} found @param {State} state @param {Again} again @param {(text: string) => void} ask */
function table(found, state, again, ask) {
  const { labels } = state.data;
  const made = element("table"), head = element("tr"), body = element("tbody"), top = element("thead");
  for (const name of ["tick", "given", "people", "rows", "outcome", "village"]) {
    head.append(element("th", name === "people" || name === "rows" ? "number" : name, labels[name]));
  }
  const from = state.page * PER_PAGE;
  for (const row of found.slice(from, from + PER_PAGE)) body.append(line(row, state, again, ask));
  top.append(head);
  made.append(top, body);
  return found.length ? made : element("p", "empty", labels.empty);
}

/** @param {Part<Data>} part */
export default function ({ data, parentElement, setTriggerValue, setStateValue }) {
  /** @type {State} */
  const state = (parentElement.jangkauSpellings ??= {
    edits: new Map(), names: new Map(), show: "open", find: "", page: 0, typed: "", refresh: null,
  });
  state.data = data;
  state.number = new Intl.NumberFormat(data.language);
  for (const [code, name] of Object.entries(data.names)) state.names.set(code, name);
  const known = new Set(data.rows.map((row) => row.key));
  for (const key of state.edits.keys()) if (!known.has(key)) state.edits.delete(key);
  const listed = (/** @type {string} */ show) => data.rows.some((row) => passes(row, { show, find: "" }));
  if (!listed(state.show)) state.show = listed("open") ? "open" : "all";
  /* Hits for a field that is open: only its list changes, or the field would lose its focus. */
  if (state.refresh && state.typed) { state.refresh(); return; }

  const box = parentElement.querySelector(".spellings") ?? element("div", "spellings");
  if (!box.isConnected) parentElement.append(box);
  const ask = (/** @type {string} */ text) => {
    clearTimeout(state.timer);
    if (text.length > 1) state.timer = window.setTimeout(() => setStateValue("asked", text), WAIT);
  };
  const send = () => {
    /** @type {Record<string, string>} */
    const chosen = {};
    for (const [key, { code, tick }] of state.edits) if (tick && code) chosen[key] = code;
    for (const key of Object.keys(chosen)) state.edits.delete(key);
    setTriggerValue("confirmed", chosen);
  };
  /** @type {Again} */
  const paint = (focused) => {
    /** @type {HTMLInputElement | null} */
    const field = parentElement.querySelector(".find:focus"), searching = field?.selectionStart;
    const found = data.rows.filter((row) => passes(row, state));
    const count = [...state.edits.values()].filter((each) => each.tick && each.code).length;
    const words = count === 1 ? data.labels.confirm_one : data.labels.confirm_many;
    const confirm = button(fill(words, { n: state.number.format(count) }), "main", send);
    confirm.disabled = !count;
    const bar = tools(state, paint), pages = pager(found, state, paint);
    box.replaceChildren(bar, table(found, state, paint, ask), pages, confirm);
    if (typeof searching === "number") {
      const again = /** @type {HTMLInputElement} */ (box.querySelector(".find"));
      again.focus();
      again.setSelectionRange(searching, searching);
    }
    /** @type {HTMLInputElement | null} */
    const tick = focused ? box.querySelector(`tr[data-key="${CSS.escape(focused)}"] .tick input`) : null;
    tick?.focus();
  };
  paint();
}
