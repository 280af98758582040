// @ts-check
/* Shorter forms of names of places, for labels that have no room for the whole one. */

/* As official maps shorten them. */
/** @type {Record<string, string>} */
const WORDS = {
  Barat: "Brt.", Daerah: "D.", Gunung: "Gn.", Istimewa: "I.", Kabupaten: "Kab.", Kalimantan: "Kal.",
  Kepulauan: "Kep.", Kotawaringin: "Ktw.", Muara: "Ma.", Nusa: "N.", Selatan: "Sel.", Sulawesi: "Sul.", Sumatera: "Sum.",
  Sungai: "S.", Tanjung: "Tg.", Teluk: "Tel.", Tengah: "Tgh.", Tenggara: "Tra.", Timur: "Tim.", Utara: "Ut.",
};
/* Of a word that has no short form of its own; a cut that saves two letters says less than it saves. */
const LETTERS = 4, LEAST_SAVED = 3;

/** @param {string} word */
function shorten(word) {
  if (WORDS[word]) return WORDS[word];
  return word.length >= LETTERS + LEAST_SAVED ? `${word.slice(0, LETTERS)}.` : word;
}

/** A name, then shorter forms of it, each shorter than the one before. @param {string} name */
function shorterForms(name) {
  const words = name.split(" "), [first, ...others] = words;
  const forms = [name, [shorten(first), ...others].join(" "), words.map(shorten).join(" ")];
  return forms.filter((form, i) => !i || form.length < forms[i - 1].length);
}

export { shorterForms };
