// @ts-check
/* Figures as tables and files write them. */

/** @import { Marks } from "./view.js" */

/** A whole number in groups of three; below 0: not known. @param {number} value @param {Pick<Marks, "group">} marks */
function formatCount(value, { group }) {
  return value < 0 ? "–" : String(value).replace(/\B(?=(\d{3})+$)/g, group);
}

/**
 * A share in percent, two digits after the mark, halves to the even digit.
 * @param {number} share @param {Marks} marks
 */
function formatRate(share, marks) {
  const [whole, digits = ""] = String(share * 100).split(".");
  const tail = digits.slice(2), cut = Number(whole + digits.slice(0, 2).padEnd(2, "0"));
  const text = String(cut + (tail > "5" || (tail === "5" && cut % 2) ? 1 : 0)).padStart(3, "0");
  return `${formatCount(Number(text.slice(0, -2)), marks)}${marks.decimal}${text.slice(-2)}\u00a0%`;
}

export { formatCount, formatRate };
