// @ts-check
/* Colours of what is no data: ground and lines follow the theme of the page, data keep their colours. */
import { brightness } from "./coverage_fills.js";

/** `weight` times as wide is a line. @typedef {{ ground: string, hairline: string, line: string, weight: number, around: string }} Theme */

const PAPER = "#FBFAF7", BRIGHT = 128;
/** @type {Omit<Theme, "ground">} */
const LIGHT = { hairline: "#FFFFFF", line: "#1F2933", weight: 1, around: "#61707D" };
/** @type {Omit<Theme, "ground">} */
const DARK = { hairline: "#161B1F80", line: "#0B0F12", weight: 1.7, around: "#9AA5AE" };

/** The theme that Streamlit has told the frame of; light in a page of its own. @returns {Theme} */
function readTheme() {
  const told = getComputedStyle(document.documentElement).getPropertyValue("--background-color").trim();
  const ground = /^#[0-9a-f]{6}$/i.test(told) ? told : PAPER;
  return { ground, ...(brightness(ground) < BRIGHT ? DARK : LIGHT) };
}

/** Calls back when the theme has changed. @param {() => void} changed */
function watchTheme(changed) {
  let { ground } = readTheme();
  new MutationObserver(() => {
    const now = readTheme().ground;
    if (now !== ground) changed();
    ground = now;
  }).observe(document.head, { childList: true });
}

export { readTheme, watchTheme };
