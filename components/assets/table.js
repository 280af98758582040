/* A ranked table. Data comes from geo.ranking; all text becomes text nodes. */
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

function header(columns, data, state, again) {
  const row = element("tr");
  row.append(element("th", "rank", "#"));
  for (const column of columns) {
    const cell = element("th", NUMBER_COLUMNS_ON_PHONE.has(column.key) ? column.key : `${column.key} wide`);
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

function tools(data, ask) {
  const { page, words } = data;
  const bar = element("div", "tools");
  const input = element("input");
  Object.assign(input, { type: "search", value: page.text, placeholder: words.search, maxLength: 80 });
  input.setAttribute("aria-label", words.search);
  let timer = 0;
  input.oninput = () => {
    clearTimeout(timer);
    page.text = input.value;
    timer = setTimeout(() => ask({ start: 0 }), 300);
  };
  const { size, count } = page;
  const step = (label, arrow, by, possible) => {
    const button = element("button", "step", arrow);
    Object.assign(button, { type: "button", title: label, disabled: !possible });
    button.setAttribute("aria-label", label);
    /* From where the last click went: its rows may still be on their way. */
    button.onclick = () => {
      const start = page.start + by;
      if (start >= 0 && start < count) ask({ start: (page.start = start) });
    };
    return button;
  };
  bar.append(
    input,
    element("span", "where", data.note),
    step(words.previous, "‹", -size, page.start > 0),
    step(words.next, "›", size, page.start + size < count),
  );
  return bar;
}

export default function ({ data, parentElement, setTriggerValue }) {
  /* Screen readers pronounce the page in its language; Streamlit always says English. */
  document.documentElement.lang = data.language;
  const state = (parentElement.jangkauSort ??= { key: "coverage_gap", direction: -1 });
  if (!data.whole) Object.assign(state, { key: data.page.sort, direction: data.page.descending ? -1 : 1 });
  const seen = parentElement.jangkauSelected;
  parentElement.jangkauSelected = data.selected;
  let box = parentElement.querySelector(".table");
  if (!box) parentElement.append((box = element("div", "table")));
  const moved = box.dataset.start !== String(data.page.start);
  box.dataset.start = data.page.start;
  const scrolled = moved ? 0 : box.querySelector(".scroll")?.scrollTop ?? 0;
  const choose = (code) => setTriggerValue("chosen", code === data.selected ? "" : code);

  /* All rows are here: sort them. Else the server does, over all of them. */
  const ask = (change) => {
    const { text } = data.page;
    setTriggerValue("asked", { sort: state.key, descending: state.direction < 0, text, ...change });
  };
  const again = data.whole ? () => paint() : ask;
  const paint = () => {
    const rows = data.whole ? data.rows.toSorted((a, b) => compare(a, b, state.key, state.direction)) : data.rows;
    const table = element("table");
    table.append(header(data.columns, data, state, again));
    const body = element("tbody");
    rows.forEach((row, i) => body.append(bodyRow(row, data.whole ? i + 1 : row.rank, data.columns, data, choose)));
    table.append(body);
    const scroll = element("div", "scroll");
    scroll.tabIndex = 0;
    scroll.append(table);
    const typing = box.querySelector("input")?.matches(":focus");
    const around = data.whole ? [] : [tools(data, ask)];
    box.replaceChildren(element("h3", "", data.title), ...around, scroll, element("p", "note", data.note));
    if (typing) focusEnd(box.querySelector("input"));
    scroll.scrollTop = scrolled;
    return scroll;
  };

  const scroll = paint();
  if (data.selected && data.selected !== seen) {
    const line = scroll.querySelector('tr[aria-selected="true"]');
    if (line) scroll.scrollTop = line.offsetTop - scroll.clientHeight / 2;
  }
}
