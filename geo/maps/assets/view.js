// @ts-check
/* What geo/maps/payload.py tells of a view, and how its letters are read. */

/** @import { Part, Source } from "./shape_files.js" */
/** How places of a class or state look. @typedef {{ fill: string, pattern: string, words: string }} Style */
/** @typedef {{ group: string, decimal: string }} Marks */
/** @typedef {{ rate: string, people: string, enrolled: string, eligible: string, gap: string, origins: string[], known: string, found: string, failed: string, touch: string, marks: Marks }} Words */
/** Where figures for tooltips are: an address, or base64 of compressed JSON. @typedef {{ url: string, data?: undefined } | { data: string, url?: undefined }} Values */
/**
 * All text becomes text nodes: a village called "<img …>" stays a name.
 * @typedef {object} View
 * @property {Source} source where the shapes are
 * @property {string} level of the places drawn
 * @property {Part[]} parts whose places `classes` holds, in code order
 * @property {string} classes a letter a place: its style counted from "0", from "P" where the filters
 *   leave it out (32 further); a blank where it is not shown
 * @property {Style[]} styles from `states` on they are the special states
 * @property {number} states
 * @property {string} faded colour of places left out
 * @property {string} marks a letter a place: the mark of where its eligible workers are from (see
 *   MARKS of coverage_fills.js), a blank for none; empty where no place has one
 * @property {string} circles a letter a place: its radius in steps (see RADII); empty for no circles
 * @property {number[]} labels positions of the places to label, the most important first
 * @property {Values} values figures for tooltips, fetched when first needed
 * @property {Words} words templates of the tooltip's lines, number marks, notes on failures
 * @property {{ key: string, bounds: L.LatLngBoundsLiteral }} focus the map moves there when the key changes
 * @property {string} within code of the area looked at: lines outside it are faint
 * @property {string} selected code of the place singled out, or nothing
 * @property {number[]} basket positions of the places chosen one by one, in rising order
 * @property {{ url: string, attribution: string } | null} tiles
 * @property {string} notice text that stays on the map
 * @property {[zoomIn: string, zoomOut: string]} zoom words of the two zoom buttons
 * @property {string} box words of the button to draw a box
 * @property {string} title what the map is, for who cannot see it
 */

const LEVELS = ["province", "regency", "subdistrict", "village"];
const CODE_LENGTHS = [2, 5, 8, 13];
/* Added to the style of a place that the filters leave out. */
const FADED = 32;
/* A map no wider than a phone has circles in proportion; legend.css has the same for its own. */
const NARROW = 491, NARROW_SCALE = 0.6;
/* Letters of radii, from nothing to the largest in pixels: geo/maps/payload.py writes them. */
const RADII = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_", LARGEST = 22;

/**
 * Style of a place in the text of classes, FADED added where the filters leave it out; below 0: not shown.
 * @param {string} classes @param {number} at
 */
function letterAt(classes, at) {
  return classes.charCodeAt(at) - 48;
}

/** Radius of a place's circle in pixels, on a wide map. @param {View} view @param {number} at */
function radiusAt({ circles }, at) {
  return circles ? (RADII.indexOf(circles[at]) * LARGEST) / (RADII.length - 1) : 0;
}

/** By how much circles shrink on a map of a width. @param {number} width */
function circleScale(width) {
  return width <= NARROW ? NARROW_SCALE : 1;
}

export { CODE_LENGTHS, FADED, LEVELS, circleScale, letterAt, radiusAt };
