// @ts-check
/* Streamlit's own words in the reader's language: on its buttons, in its lists and hints; and the roles
 * of its parts that who does not see the page could not make sense of. */
/** @import { Part } from "./part.js" */
/** @typedef {{ language: string }} Data */

/** By language, our words by Streamlit's English ones, numbers as `{n}`; filled in where the file is served.
 * @type {Record<string, Record<string, string>>} */
const WORDS = {};

const ATTRIBUTES = ["aria-label", "placeholder", "title"];
const NUMBER = /\d+/;
/** What stood on the page, to be found again when the language changes. @type {WeakMap<Node | Attr, { english: string, shown: string }>} */
const told = new WeakMap();
/** @type {Record<string, string>} */
let words = {};
/** @type {MutationObserver | undefined} */
let watching;

/** @param {string} english */
function translate(english) {
  const [number = ""] = english.match(NUMBER) ?? [];
  const known = words[english.trim().replace(NUMBER, "{n}")];
  return known === undefined ? english : known.replace("{n}", number);
}

/** @param {Text | Attr} node */
function put(node) {
  const value = node.nodeValue ?? "", before = told.get(node);
  const english = before?.shown === value ? before.english : value, shown = translate(english);
  if (shown !== value) node.nodeValue = shown;
  if (shown !== english || before) told.set(node, { english, shown });
}

/** @param {Node} root */
function putAll(root) {
  if (root instanceof Text) put(root);
  if (!(root instanceof Element)) return;
  const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) put(/** @type {Text} */ (texts.currentNode));
  for (const element of [root, ...root.querySelectorAll(ATTRIBUTES.map((name) => `[${name}]`).join())]) {
    for (const name of ATTRIBUTES) {
      const attribute = element.getAttributeNode(name);
      if (attribute) put(attribute);
    }
  }
}

/** A place to drop files has a name, which nothing that is for looks alone may have. */
function mendRoles() {
  const zones = document.querySelectorAll('[data-testid="stFileUploaderDropzone"][role="presentation"]');
  for (const zone of zones) zone.setAttribute("role", "group");
}

/** @param {Part<Data>} part */
export default function ({ data }) {
  /* Screen readers pronounce the page in its language; Streamlit always says English. */
  document.documentElement.lang = data.language;
  words = WORDS[data.language];
  putAll(document.body);
  mendRoles();
  watching ??= new MutationObserver((changes) => {
    for (const { target, addedNodes, attributeName, type } of changes) {
      if (type === "characterData") put(/** @type {Text} */ (target));
      addedNodes.forEach(putAll);
      const attribute = attributeName && target instanceof Element && target.getAttributeNode(attributeName);
      if (attribute) put(attribute);
    }
    mendRoles();
  });
  watching.observe(document.body, {
    attributeFilter: ATTRIBUTES, attributes: true, characterData: true, childList: true, subtree: true,
  });
}
