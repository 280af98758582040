// @ts-check
/* A ranked table with a basket of chosen villages. Its rows are fetched, as geo.reporting.ranking gives
   them; what the chosen ones come to is told by the page. All text becomes text nodes. */
/** @import { Part } from "./part.js" */
/** @typedef {{ key: string, label: string, order: string, hint: string, ascending: boolean }} Column */
/** @typedef {{ code: string, rank: number, texts: string[], above: string, state: string, bar: number }} Row */
/** What the route of rows answers.
 * @typedef {{ columns: Column[], rows: Row[], orders: [string, string][], title: string, note: string, scope: string,
 *   many: boolean, most: number, page: { start: number, size: number, count: number }, words: Record<string, string> }} Answer */
/** @typedef {{ figures: [string, string][], note: string }} Bar */
/** What the page tells the table.
 * @typedef {{ address: string, language: string, order: string, selected: string, basket: string[], chosen: boolean,
 *   bar: Bar | null, rows: number, waiting: string, failed: string, again: string }} Data */
/** What is asked for. @typedef {{ order: string, text: string, start: number | undefined }} Wish */
/** @typedef {Omit<ReturnType<typeof build>, "answer"> & { answer: Answer, data: Data, choose: (code: string) => void,
 *   tell: (name: string, value: unknown) => void, copyButton: Part["copyButton"] }} Table */
const PAUSE = 300;
/* Between asking for rows that did not come; then it is said. */
const PAUSES = [500, 1500, 3000];
/* Milliseconds in which ticks are collected, so that ten of them run the page once. */
const COLLECT = 500;
/* Rows shown before the rest is asked for; the village singled out is shown in any case. */
const FOLD = 20, MARGIN = 5;
/* Pixels: of a row, and of what stands around them. */
const ROW = 38, AROUND = 130;
const BAR_COLUMN = "coverage_gap";

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

/** @param {string} className @param {string} key @param {string} text @param {((event: MouseEvent) => void) | null} act */
function button(className, key, text, act) {
  const made = element("button", className, text);
  Object.assign(made, { type: "button", onclick: act });
  made.dataset.key = key;
  return made;
}

/** @param {Table} table @param {string} code */
function isTicked(table, code) {
  return table.ticks.get(code) ?? table.data.basket.includes(code);
}

/** What was ticked is sent in one go, as a difference: the page may know more than this table.
 * @param {Table} table @param {string} code @param {boolean} on */
function tick(table, code, on) {
  table.ticks.set(code, on);
  clearTimeout(table.collecting);
  table.collecting = window.setTimeout(() => {
    const of = (/** @type {boolean} */ wanted) => [...table.ticks].filter(([, value]) => value === wanted).map(([key]) => key);
    table.tell("basket", { add: of(true), remove: of(false) });
  }, COLLECT);
}

/** @param {Table} table @param {string} wanted */
function order(table, wanted) {
  table.wanted = wanted;
  ask(table, { order: wanted, start: 0 });
  table.tell("ordered", wanted);
}

/** @param {Column[]} columns @param {Table} table */
function header(columns, table) {
  const row = element("tr");
  row.append(element("th", "tick rank", "✓"), element("th", "rank", "#"));
  for (const column of columns) {
    const cell = element("th", column.key);
    if (!column.order) {
      cell.append(element("span", "unsorted", column.label));
      row.append(cell);
      continue;
    }
    const sorter = button("", `head:${column.key}`, column.label, () => order(table, column.order));
    sorter.title = column.hint;
    if (table.page.order.replace("-", "") === column.key) {
      cell.setAttribute("aria-sort", column.ascending ? "ascending" : "descending");
      sorter.append(element("span", "arrow", column.ascending ? " ↑" : " ↓"));
    }
    cell.append(sorter);
    row.append(cell);
  }
  const head = element("thead");
  head.append(row);
  return head;
}

/** @param {Row} row @param {Table} table */
function tickCell(row, table) {
  const cell = element("td", "tick"), box = element("input");
  Object.assign(box, { type: "checkbox", checked: isTicked(table, row.code) });
  box.dataset.key = `tick:${row.code}`;
  box.setAttribute("aria-label", table.answer.words.tick.replace("{village}", row.texts[0]));
  box.onchange = () => tick(table, row.code, box.checked);
  cell.onclick = (event) => event.stopPropagation();
  cell.append(box);
  return cell;
}

/** @param {Row} row @param {string} text @param {(code: string) => void} choose */
function nameCell(row, text, choose) {
  const cell = element("td", "name");
  const pick = button("pick", `pick:${row.code}`, text, (event) => { event.stopPropagation(); choose(row.code); });
  cell.append(pick, element("small", "", [row.above, row.state].filter(Boolean).join(" · ")));
  return cell;
}

/** @param {Row} row @param {string} text */
function barCell(row, text) {
  const cell = element("td", BAR_COLUMN), box = element("div", "share"), track = element("span", "track"), bar = element("span", "bar");
  bar.style.width = `${Math.max(row.bar * 100, row.bar > 0 ? 1 : 0)}%`;
  track.append(bar);
  box.append(track, element("span", "number", text));
  cell.append(box);
  return cell;
}

/** @param {Row} row @param {Column[]} columns @param {Table} table */
function bodyRow(row, columns, table) {
  const line = element("tr");
  line.dataset.code = row.code;
  line.onclick = () => table.choose(row.code);
  if (row.code === table.data.selected) line.setAttribute("aria-selected", "true");
  line.append(tickCell(row, table), element("td", "rank", String(row.rank)));
  columns.forEach(({ key }, i) => {
    if (key === "name") line.append(nameCell(row, row.texts[i], table.choose));
    else if (key === BAR_COLUMN) line.append(barCell(row, row.texts[i]));
    else line.append(element("td", key, row.texts[i]));
  });
  return line;
}

/** @param {Table} table */
function orderBox(table) {
  const { answer, page } = table, label = element("label", "order", answer.words.order), box = element("select");
  const listed = answer.orders.some(([key]) => key === page.order) ? answer.orders : [[page.order, answer.title], ...answer.orders];
  for (const [key, words] of listed) {
    const option = element("option", "", words);
    Object.assign(option, { value: key, selected: key === page.order });
    box.append(option);
  }
  box.dataset.key = "order";
  box.onchange = () => order(table, box.value);
  label.append(box);
  return label;
}

/** The first n of the order in force become the chosen villages. @param {Table} table */
function firstBox(table) {
  const { words } = table.answer, form = element("form", "first"), label = element("label", "", words.first), input = element("input");
  Object.assign(input, { type: "text", inputMode: "numeric", maxLength: 3, value: table.first });
  input.dataset.key = "first";
  input.oninput = () => { table.first = input.value; };
  const take = button("step", "take", words.take, null);
  take.type = "submit";
  form.onsubmit = (event) => {
    event.preventDefault();
    const count = Number(input.value);
    const fits = Number.isInteger(count) && count >= 1 && count <= table.answer.most;
    input.setCustomValidity(fits ? "" : words.range);
    input.reportValidity();
    if (!fits) return;
    table.ticks.clear();
    table.tell("basket", { first: count, order: table.page.order });
  };
  label.append(input);
  form.append(label, take);
  return form;
}

/** @param {Table} table */
function searchBox(table) {
  const { words } = table.answer, input = element("input");
  Object.assign(input, { type: "search", value: table.page.text, placeholder: words.search, maxLength: 80 });
  input.dataset.key = "search";
  input.setAttribute("aria-label", words.search);
  input.oninput = () => {
    clearTimeout(table.timer);
    table.page.text = input.value;
    table.timer = window.setTimeout(() => ask(table, { start: 0 }), PAUSE);
  };
  return input;
}

/** @param {Table} table */
function pager(table) {
  const { answer, page } = table, { words } = answer, { size, count } = answer.page;
  const at = page.start ?? answer.page.start;
  const step = (/** @type {string} */ key, /** @type {string} */ arrow, /** @type {number} */ by, /** @type {boolean} */ possible) => {
    /* From where the last click went: its rows may still be on their way. */
    const made = button("step", key, arrow, () => {
      const start = (page.start ?? at) + by;
      if (start >= 0 && start < count) ask(table, { start });
    });
    Object.assign(made, { title: words[key], disabled: !possible });
    made.setAttribute("aria-label", words[key]);
    return made;
  };
  return [
    element("span", "where", answer.note),
    step("previous", "‹", -size, at > 0),
    step("next", "›", size, at + size < count),
  ];
}

/** @param {Table} table */
function tools(table) {
  const { answer } = table, bar = element("div", "tools");
  bar.append(orderBox(table), firstBox(table));
  if (answer.many) bar.append(searchBox(table), ...pager(table));
  return bar;
}

/** What the chosen villages come to; it stays in view while the table is. @param {Table} table @param {Bar} bar */
function basket(table, bar) {
  const { chosen } = table.data, { words } = table.answer, box = element("section", "basket");
  const list = element("dl");
  for (const [figure, label] of bar.figures) {
    const item = element("div");
    item.append(element("dd", "", figure), element("dt", "", label));
    list.append(item);
  }
  box.setAttribute("aria-label", words.basket);
  box.append(list);
  if (bar.note) box.append(element("p", "", bar.note));
  const acts = element("div", "acts");
  acts.append(
    button("step", "alone", chosen ? words.all : words.alone, () => table.tell("basket", { chosen: !chosen })),
    button("step", "empty", words.empty, () => { table.ticks.clear(); table.tell("basket", { clear: true }); }),
    table.copyButton(words.copy, words.copied, "step"),
  );
  box.append(acts);
  return box;
}

/** @param {Table} table @param {number} hidden @param {HTMLElement} lines */
function more(table, hidden, lines) {
  const words = table.answer.words.more.replace("{n}", hidden.toLocaleString(table.data.language));
  const show = button("step more", "more", words, () => {
    table.unfolded = true;
    lines.classList.remove("folded");
    show.remove();
  });
  return show;
}

/** @param {Table} table */
function paint(table) {
  const { answer, box, data, page } = table;
  const focused = /** @type {HTMLElement | null} */ (box.querySelector(":focus"))?.dataset.key;
  const lines = element("table"), body = element("tbody");
  lines.append(header(answer.columns, table));
  body.append(...answer.rows.map((row) => bodyRow(row, answer.columns, table)));
  lines.append(body);
  const hidden = answer.rows.length - FOLD, folded = hidden > MARGIN && !table.unfolded && !page.text;
  lines.classList.toggle("folded", folded);
  const scroll = element("div", "scroll");
  scroll.append(lines);
  const note = element("p", "note", [answer.note, answer.scope].filter(Boolean).join(" "));
  /** @type {HTMLElement[]} */
  const parts = [element("h3", "", answer.title), tools(table), scroll];
  if (folded) parts.push(more(table, hidden, lines));
  parts.push(note);
  if (data.bar) parts.push(basket(table, data.bar));
  box.replaceChildren(...parts);
  if (focused) focusAgain(box.querySelector(`[data-key="${CSS.escape(focused)}"]`));
}

/** @param {HTMLElement | null} control */
function focusAgain(control) {
  control?.focus({ preventScroll: true });
  if (control instanceof HTMLInputElement && ["search", "text"].includes(control.type)) control.setSelectionRange(control.value.length, control.value.length);
}

/** In place of rows, as high as they will be, so that nothing below them moves when they come.
 * @param {Table} table @param {string} text @param {() => void} [repeat] */
function say(table, text, repeat) {
  const { box, data } = table;
  const line = element("p", "note", text);
  line.setAttribute("role", "status");
  if (repeat) line.append(" ", button("step", "again", data.again, repeat));
  if (!table.answer) box.style.minHeight = `${ROW * (Math.min(data.rows, FOLD) + 1) + AROUND}px`;
  if (table.answer && repeat) box.append(line);
  else if (!table.answer) box.replaceChildren(line);
}

/** @param {Table} table @param {Partial<Wish>} change */
async function ask(table, change) {
  const { box, data, page } = table;
  const number = ++table.asked;
  Object.assign(page, { start: undefined }, change);
  const words = new URLSearchParams({ order: page.order, text: page.text });
  if (page.start === undefined) words.set("selected", data.selected);
  else words.set("start", String(page.start));
  box.setAttribute("aria-busy", "true");
  say(table, data.waiting);
  for (const pause of PAUSES) {
    const reply = await fetch(`${data.address}?${words}`).catch(() => null);
    const answer = reply?.ok ? await reply.json().catch(() => null) : null;
    if (number !== table.asked) return;
    if (answer) {
      Object.assign(table, { answer });
      page.start = answer.page.start;
      box.style.minHeight = "";
      box.removeAttribute("aria-busy");
      paint(table);
      return;
    }
    /* Not kept any more: the page, run again, offers them again, here or under another address. */
    if (reply?.status === 404) table.tell("missed", String(Date.now()));
    await new Promise((done) => setTimeout(done, pause));
    if (number !== table.asked) return;
  }
  box.removeAttribute("aria-busy");
  say(table, data.failed, () => ask(table, change));
}

/** @param {HTMLElement} parentElement @param {string} order */
function build(parentElement, order) {
  const box = element("div", "table");
  parentElement.append(box);
  return {
    box, page: /** @type {Wish} */ ({ order, text: "", start: undefined }), answer: /** @type {Answer | null} */ (null), address: "", seen: "", asked: 0, timer: 0,
    ticks: /** @type {Map<string, boolean>} */ (new Map()), collecting: 0, known: "", wanted: "", first: "10", unfolded: false,
  };
}

/** Ticks that the page has taken in, or has said something else about since, are no news any more.
 * @param {Table} table @param {Data} data */
function settle(table, data) {
  const known = data.basket.join();
  if (known !== table.known) for (const [code, on] of table.ticks) if (data.basket.includes(code) === on) table.ticks.delete(code);
  table.known = known;
  if (table.wanted === data.order) table.wanted = "";
  const turned = !table.wanted && table.page.order !== data.order;
  if (turned) table.page.order = data.order;
  return turned;
}

/** @param {Part<Data>} part */
export default function ({ data, parentElement, setTriggerValue, copyButton }) {
  /* Screen readers pronounce the page in its language; Streamlit always says English. */
  document.documentElement.lang = data.language;
  const table = (parentElement.jangkauTable ??= build(parentElement, data.order));
  const moved = table.address !== data.address;
  Object.assign(table, { data, address: data.address, tell: setTriggerValue, copyButton });
  const turned = settle(table, data);
  table.choose = (/** @type {string} */ code) => setTriggerValue("chosen", code === data.selected ? "" : code);
  const elsewhere = data.selected && !table.answer?.rows.some((/** @type {Row} */ row) => row.code === data.selected);
  if (moved || turned || (elsewhere && data.selected !== table.seen)) ask(table, {});
  else if (table.answer) paint(table);
  table.seen = data.selected;
}
