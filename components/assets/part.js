// @ts-check
/* A component of ours: its style, then its script, which finds the style there. */
/**
 * What Streamlit hands to a component.
 * @template [Data=any]
 * @typedef {object} Part
 * @property {Data} data
 * @property {HTMLElement & Record<string, any>} parentElement keeps what a component remembers between runs
 * @property {(name: string, value: unknown) => void} setTriggerValue
 * @property {(name: string, value: unknown) => void} setStateValue
 * @property {typeof copyButton} copyButton
 */

/**
 * @param {Omit<Part, "copyButton">} part
 * @param {string} script its address
 * @param {string} [style] its address, where it has one
 */
export default async function (part, script, style) {
  const root = part.parentElement;
  root.jangkauStyle ??= style && new Promise((done) => {
    const link = document.createElement("link");
    Object.assign(link, { rel: "stylesheet", href: style, onload: done, onerror: done });
    root.append(link);
  });
  const [loaded] = await Promise.all([import(script), root.jangkauStyle]);
  return loaded.default({ ...part, copyButton });
}

/**
 * A button that copies the address of the page, which holds all that is asked.
 * @param {string} words @param {string} done words after it has copied @param {string} className
 */
function copyButton(words, done, className) {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className, textContent: words });
  button.dataset.key = "copy";
  button.setAttribute("aria-live", "polite");
  button.onclick = async () => {
    await copy(location.href);
    button.textContent = done;
    setTimeout(() => { button.textContent = words; }, 2500);
  };
  return button;
}

/**
 * Browsers offer the clipboard to pages of https and of this machine alone; the old way works anywhere.
 * @param {string} text
 */
async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = document.createElement("textarea");
  field.value = text;
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}
