/* A ranked table. Its rows are fetched, as geo.reporting.ranking gives them; all text becomes text nodes. */
const PAUSE = 300;
/* Between asking for rows that did not come; then it is said. */
const PAUSES = [500, 1500, 3000];
/* Pixels: of a row, of the rows that are seen at once, and of what stands around them. */
const ROW = 44, HIGHEST = 520, AROUND = 80;
const NUMBER_COLUMNS_ON_PHONE = new Set(["name", "coverage_gap", "coverage_rate"]);

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function compare(a, b, key, direction) {
  const left = a.values[key], right = b.values[key];
  if (left === null || right === null) return (left === null) - (right === null);
  if (typeof left === "string") return direction * left.localeCompare(right, "id", { numeric: true });
  return direction * (left - right);
}

/* The cumulative share is of the order of gaps, the largest first: in no other does it mean a thing. */
function shownColumns(columns, { key, direction }) {
  const inOrder = key === "coverage_gap" && direction < 0;
  return inOrder ? columns : columns.filter((column) => column.key !== "cumulative");
}

function titleOf(columns, { key, direction }) {
  return columns.find((column) => column.key === key).titles[direction < 0 ? 1 : 0];
}

function header(columns, data, state, again) {
  const row = element("tr");
  row.append(element("th", "rank", "#"));
  for (const column of columns) {
    const cell = element("th", NUMBER_COLUMNS_ON_PHONE.has(column.key) ? column.key : `${column.key} wide`);
    if (!column.titles.length) {
      cell.append(element("span", "unsorted", column.label));
      row.append(cell);
      continue;
    }
    const button = element("button", "", column.label);
    button.type = "button";
    button.title = data.sort.replace("{column}", column.label);
    if (state.key === column.key) {
      cell.setAttribute("aria-sort", state.direction > 0 ? "ascending" : "descending");
      button.append(element("span", "arrow", state.direction > 0 ? " ↑" : " ↓"));
    }
    button.onclick = () => {
      state.direction = state.key === column.key ? -state.direction : column.key === "name" ? 1 : -1;
      state.key = column.key;
      again({ start: 0 });
    };
    cell.append(button);
    row.append(cell);
  }
  const head = element("thead");
  head.append(row);
  return head;
}

function nameCell(row, choose) {
  const cell = element("td", "name");
  const button = element("button", "pick", row.texts.name);
  button.type = "button";
  button.onclick = (event) => { event.stopPropagation(); choose(row.code); };
  cell.append(button, element("small", "", [row.above, row.state].filter(Boolean).join(" · ")));
  return cell;
}

function bodyRow(row, rank, columns, data, choose) {
  const line = element("tr");
  line.dataset.code = row.code;
  line.onclick = () => choose(row.code);
  if (row.code === data.selected) line.setAttribute("aria-selected", "true");
  line.append(element("td", "rank", String(rank)));
  for (const column of columns) {
    if (column.key === "name") { line.append(nameCell(row, choose)); continue; }
    const wide = NUMBER_COLUMNS_ON_PHONE.has(column.key) ? "" : " wide";
    const cell = element("td", column.key + wide, row.texts[column.key]);
    if (column.key === "coverage_gap") {
      const bar = element("span", "bar");
      bar.style.width = `${Math.max(row.bar * 100, row.bar > 0 ? 1 : 0)}%`;
      const track = element("span", "track");
      track.append(bar);
      cell.prepend(track);
    }
    line.append(cell);
  }
  return line;
}

function focusEnd(input) {
  input?.focus();
  input?.setSelectionRange(input.value.length, input.value.length);
}

function tools(table) {
  const { answer, page } = table;
  const { words } = answer;
  const { size, count } = answer.page;
  const bar = element("div", "tools");
  const input = element("input");
  Object.assign(input, { type: "search", value: page.text, placeholder: words.search, maxLength: 80 });
  input.setAttribute("aria-label", words.search);
  input.oninput = () => {
    clearTimeout(table.timer);
    page.text = input.value;
    table.timer = setTimeout(() => ask(table, { start: 0 }), PAUSE);
  };
  const step = (label, arrow, by, possible) => {
    const button = element("button", "step", arrow);
    Object.assign(button, { type: "button", title: label, disabled: !possible });
    button.setAttribute("aria-label", label);
    /* From where the last click went: its rows may still be on their way. */
    button.onclick = () => {
      const start = page.start + by;
      if (start >= 0 && start < count) ask(table, { start });
    };
    return button;
  };
  bar.append(
    input,
    element("span", "where", answer.note),
    step(words.previous, "‹", -size, page.start > 0),
    step(words.next, "›", size, page.start + size < count),
  );
  return bar;
}

function paint(table) {
  const { answer, box, data, page } = table;
  const scrolled = table.shown === page.start ? box.querySelector(".scroll")?.scrollTop ?? 0 : 0;
  table.shown = page.start;
  /* All rows are here: sort them. Else the server does, over all of them. */
  const rows = answer.whole ? answer.rows.toSorted((a, b) => compare(a, b, page.key, page.direction)) : answer.rows;
  const again = answer.whole ? () => paint(table) : (change) => ask(table, change);
  const lines = element("table");
  const columns = shownColumns(answer.columns, page);
  lines.append(header(columns, answer, page, again));
  const body = element("tbody");
  rows.forEach((row, i) => body.append(bodyRow(row, answer.whole ? i + 1 : row.rank, columns, data, table.choose)));
  lines.append(body);
  const scroll = element("div", "scroll");
  scroll.tabIndex = 0;
  scroll.append(lines);
  const typing = box.querySelector("input")?.matches(":focus");
  const around = answer.whole ? [] : [tools(table)];
  const title = element("h3", "", titleOf(columns, page));
  const scope = answer.scope && columns === answer.columns ? ` ${answer.scope}` : "";
  box.replaceChildren(title, ...around, scroll, element("p", "note", answer.note + scope));
  if (typing) focusEnd(box.querySelector("input"));
  scroll.scrollTop = scrolled;
  const line = data.selected && data.selected !== table.seen && scroll.querySelector('tr[aria-selected="true"]');
  if (line) scroll.scrollTop = line.offsetTop - scroll.clientHeight / 2;
  table.seen = data.selected;
}

/* In place of rows, as high as they will be, so that nothing below them moves when they come. */
function say(table, text, repeat) {
  const { box, data } = table;
  const line = element("p", "note", text);
  line.setAttribute("role", "status");
  if (repeat) {
    const button = element("button", "step", data.again);
    Object.assign(button, { type: "button", onclick: repeat });
    line.append(" ", button);
  }
  if (!table.answer) box.style.minHeight = `${Math.min(ROW * (data.rows + 1), HIGHEST) + AROUND}px`;
  if (table.answer && repeat) box.append(line);
  else if (!table.answer) box.replaceChildren(line);
}

async function ask(table, change) {
  const { box, data, page } = table;
  const number = ++table.asked;
  Object.assign(page, { start: undefined }, change);
  const words = new URLSearchParams({ sort: page.key, descending: page.direction < 0 ? 1 : 0, text: page.text });
  if (page.start === undefined) words.set("selected", data.selected);
  else words.set("start", page.start);
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
    if (reply?.status === 404) table.miss(String(Date.now()));
    await new Promise((done) => setTimeout(done, pause));
    if (number !== table.asked) return;
  }
  box.removeAttribute("aria-busy");
  say(table, data.failed, () => ask(table, change));
}

function build(parentElement) {
  const box = element("div", "table");
  parentElement.append(box);
  const page = { key: "coverage_gap", direction: -1, text: "", start: undefined };
  return { box, page, answer: null, address: "", seen: "", shown: undefined, asked: 0, timer: 0 };
}

export default function ({ data, parentElement, setTriggerValue }) {
  /* Screen readers pronounce the page in its language; Streamlit always says English. */
  document.documentElement.lang = data.language;
  const table = (parentElement.jangkauTable ??= build(parentElement));
  const moved = table.address !== data.address;
  Object.assign(table, { data, address: data.address });
  table.choose = (code) => setTriggerValue("chosen", code === data.selected ? "" : code);
  table.miss = (when) => setTriggerValue("missed", when);
  const elsewhere = data.selected && !table.answer?.rows.some((row) => row.code === data.selected);
  if (moved || (elsewhere && data.selected !== table.seen)) ask(table, {});
  else if (table.answer) paint(table);
}
