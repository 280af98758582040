// @ts-check
/* Search as you type: an ARIA combobox. Answers come from a route of the app; all text becomes text nodes. */
/** @import { Part } from "./part.js" */
/** @typedef {{ code: string, name: string, level: string, above: string }} Hit */
/** @typedef {{ address: string, language: string, within: string, label: string, none: string, failed: string,
 *   copy: string, copied: string }} Data */
/** @typedef {ReturnType<typeof build>} Box */

const PAUSE = 120;

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag @param {Record<string, string>} attributes @param {string} [text]
 */
function element(tag, attributes, text) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

/** @param {HTMLElement} parentElement @param {HTMLElement} copy @param {string} copied */
function build(parentElement, copy, copied) {
  const line = element("div", { class: "line" });
  const root = element("div", { class: "search" });
  const input = element("input", {
    type: "text", role: "combobox", autocomplete: "off", spellcheck: "false", maxlength: "80",
    "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "places",
  });
  const list = element("ul", { id: "places", role: "listbox", hidden: "" });
  const note = element("p", { role: "status" });
  root.append(input, list, note);
  line.append(root, copy);
  parentElement.append(line);
  return { root, input, list, note, copied, hits: /** @type {Hit[]} */ ([]), text: "", goneTo: "", active: -1, asked: 0, timer: 0 };
}

/** @param {Box} box */
function close(box) {
  box.goneTo = "";
  box.list.hidden = true;
  box.note.textContent = "";
  box.active = -1;
  box.input.setAttribute("aria-expanded", "false");
  box.input.removeAttribute("aria-activedescendant");
}

/** @param {Box} box @param {number} at */
function activate(box, at) {
  box.active = at;
  [...box.list.children].forEach((line, i) => line.setAttribute("aria-selected", String(i === at)));
  box.input.setAttribute("aria-activedescendant", `place-${at}`);
  box.list.children[at].scrollIntoView({ block: "nearest" });
}

/** @param {Box} box @param {(code: string) => void} choose */
function paint(box, choose) {
  box.list.replaceChildren(...box.hits.map((hit, i) => {
    const line = element("li", { id: `place-${i}`, role: "option", "aria-selected": "false", "data-code": hit.code });
    line.append(element("span", {}, hit.name), element("small", {}, [hit.level, hit.above].filter(Boolean).join(" · ")));
    /* Not click: the input would lose its focus first and close the list. */
    line.onpointerdown = (event) => { event.preventDefault(); choose(hit.code); };
    return line;
  }));
  box.list.hidden = !box.hits.length;
  box.input.setAttribute("aria-expanded", String(box.hits.length > 0));
  /* What was typed means its first answer, unless another one was gone to while it was on its way;
   * a list that nobody asked by name means none of it yet. */
  const kept = box.hits.findIndex((hit) => hit.code === box.goneTo);
  box.active = -1;
  if (box.hits.length && (kept >= 0 || box.input.value.trim())) activate(box, Math.max(kept, 0));
}

/** @param {Box} box @param {Data} data @param {(code: string) => void} choose */
async function ask(box, data, choose) {
  const text = box.input.value.trim();
  const number = ++box.asked;
  let said = "";
  try {
    const words = new URLSearchParams({ q: text, lang: data.language, within: data.within });
    const answer = await fetch(`${data.address}?${words}`);
    const found = await answer.json();
    if (number !== box.asked || /** @type {ShadowRoot | Document} */ (box.root.getRootNode()).activeElement !== box.input) return;
    box.hits = found.hits ?? [];
    said = found.error ?? (box.hits.length ? "" : data.none);
  } catch {
    if (number !== box.asked) return;
    box.hits = [];
    said = data.failed;
  }
  box.text = box.input.value;
  paint(box, choose);
  box.note.textContent = said;
}

/** @param {Part<Data>} part */
export default function ({ data, parentElement, setTriggerValue, copyButton }) {
  if (parentElement.jangkauSearch?.copied !== data.copied) {
    parentElement.querySelector(".line")?.remove();
    parentElement.jangkauSearch = build(parentElement, copyButton(data.copy, data.copied, "copy"), data.copied);
  }
  /** @type {Box} */
  const box = parentElement.jangkauSearch;
  box.input.placeholder = data.label;
  box.input.setAttribute("aria-label", data.label);
  box.list.setAttribute("aria-label", data.label);

  const choose = (/** @type {string} */ code) => {
    box.input.value = "";
    box.asked += 1;
    close(box);
    setTriggerValue("chosen", code);
  };
  const move = (/** @type {number} */ step) => {
    const count = box.hits.length;
    if (!count) return;
    activate(box, box.active < 0 ? (step < 0 ? count - 1 : 0) : (box.active + step + count) % count);
    box.goneTo = box.hits[box.active].code;
  };
  box.input.oninput = () => {
    box.goneTo = "";
    clearTimeout(box.timer);
    box.timer = window.setTimeout(() => ask(box, data, choose), PAUSE);
  };
  box.input.onkeydown = async (event) => {
    if (event.key === "ArrowDown" && box.list.hidden) { event.preventDefault(); ask(box, data, choose); }
    else if (event.key === "ArrowDown") { event.preventDefault(); move(1); }
    else if (event.key === "ArrowUp") { event.preventDefault(); move(-1); }
    else if (event.key === "Escape") { box.input.value = ""; box.asked += 1; close(box); }
    else if (event.key === "Enter") {
      event.preventDefault();
      /* Who types fast and presses Enter means what stands there now. */
      clearTimeout(box.timer);
      if (box.list.hidden || box.text !== box.input.value) await ask(box, data, choose);
      if (box.active >= 0 && !box.list.hidden) choose(box.hits[box.active].code);
    }
  };
  box.input.onfocus = () => { if (!box.input.value) ask(box, data, choose); };
  box.input.onblur = () => { box.asked += 1; close(box); };
}
