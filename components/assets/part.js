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
 */

/**
 * @param {Part} part
 * @param {string} script its address
 * @param {string} style its address
 */
export default async function (part, script, style) {
  const root = part.parentElement;
  root.jangkauStyle ??= new Promise((done) => {
    const link = document.createElement("link");
    Object.assign(link, { rel: "stylesheet", href: style, onload: done, onerror: done });
    root.append(link);
  });
  const [loaded] = await Promise.all([import(script), root.jangkauStyle]);
  return loaded.default(part);
}
