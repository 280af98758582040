/* Groups of figures whose numbers are buttons. Data comes from geo.audit.audit_summary; text becomes text. */
function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function figureLine(figure, data, open) {
  const line = element("div", figure.total ? "total" : "");
  line.append(element("dt", "", figure.label));
  const cell = element("dd");
  if (figure.key) {
    const button = element("button", "", figure.value);
    button.type = "button";
    button.title = data.hint.replace("{label}", figure.label);
    button.dataset.number = figure.key;
    button.setAttribute("aria-expanded", String(figure.key === data.opened));
    button.onclick = () => open(figure.key);
    cell.append(button);
  } else {
    cell.textContent = figure.value;
  }
  line.append(cell);
  return line;
}

export default function ({ data, parentElement, setTriggerValue }) {
  let box = parentElement.querySelector(".figures");
  if (!box) parentElement.append((box = element("div", "figures")));
  const focused = parentElement.querySelector("button:focus")?.dataset.number;
  const groups = data.groups.filter((group) => group.figures.length).map((group) => {
    const section = element("section");
    const list = element("dl");
    for (const figure of group.figures) {
      list.append(figureLine(figure, data, (key) => setTriggerValue("opened", key)));
    }
    section.append(element("h4", "", group.title), list);
    if (group.note) section.append(element("p", "", group.note));
    return section;
  });
  box.replaceChildren(...groups);
  if (focused) box.querySelector(`[data-number="${focused}"]`)?.focus();
}
