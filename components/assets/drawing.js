// @ts-check
/** @import { Part } from "./part.js" */
/** A drawing made by geo.outreach.drawings: what carries data-value can be chosen by mouse or keyboard.
 * @param {Part<{ svg: string }>} part */
export default function ({ data, parentElement, setTriggerValue }) {
  let box = parentElement.querySelector(".drawing");
  if (!box) {
    box = document.createElement("div");
    box.className = "drawing";
    parentElement.append(box);
  }
  const drawn = new DOMParser().parseFromString(data.svg, "image/svg+xml").documentElement;
  const choose = (/** @type {Event} */ event) => {
    const chosen = event.target instanceof Element && event.target.closest("[data-value]");
    if (chosen) setTriggerValue("chosen", chosen.getAttribute("data-value"));
  };
  drawn.addEventListener("click", choose);
  drawn.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      choose(event);
    }
  });
  box.replaceChildren(drawn);
}
