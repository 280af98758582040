// @ts-check
/* Groups of figures whose numbers are buttons. Data comes from geo.audit.audit_summary; text becomes text. */
/** @import { Part } from "./part.js" */
/** A figure; with a key it opens its rows. @typedef {{ key: string, label: string, value: string, total: boolean }} Figure */
/** @typedef {{ title: string, note: string, figures: Figure[] }} Group */
/** @typedef {{ groups: Group[], hint: string, opened: string }} Data */

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

/** @param {Figure} figure @param {Data} data @param {(key: string) => void} open */
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

/** @param {Part<Data>} part */
export default function ({ data, parentElement, setTriggerValue }) {
  const box = parentElement.querySelector(".figures") ?? element("div", "figures");
  if (!box.isConnected) parentElement.append(box);
  /** @type {HTMLElement | null} */
  const button = parentElement.querySelector("button:focus"), focused = button?.dataset.number;
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
  /** @type {HTMLElement | null} */
  const again = focused ? box.querySelector(`[data-number="${focused}"]`) : null;
  again?.focus();
}
