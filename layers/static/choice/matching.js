// Which zones match, found in the browser as geo/query/matches.py finds them.

// beyond these characters, browsers and Python do not fold alike: the server answers alone
const FOLDED_ALIKE = /^[\u0020-\u007e\u00a0-\u024f\u0300-\u0344\u1e00-\u1eff\u3000-\u3003\u3008-\u3011\u4e00-\u9fff\uff01-\uff5e]*$/u;

// without case, width and accents, as `fold` of geo/query/matches.py
export function fold(words) {
  const small = words.replaceAll("\u0130", "i").toLowerCase().replace(/[\u00df\u1e9e]/gu, "ss");
  return small.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

// bits of rows as the map reads them; null for all
export function packed(shown) {
  if (shown.every(Boolean)) return null;
  const bytes = new Uint8Array(Math.ceil(shown.length / 8));
  shown.forEach((on, row) => (bytes[row >> 3] |= Number(on) << (7 - (row & 7))));
  let letters = "";
  for (const byte of bytes) letters += String.fromCharCode(byte);
  return btoa(letters);
}

function bytesOf(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

// What of the zones can be filtered by: see layers/payload/choice.py.
export class Columns {
  constructor({ rows, facets, area, words }) {
    Object.assign(this, { rows, area, words });
    this.facets = new Map();
    for (const [name, { values, bits }] of Object.entries(facets)) {
      this.facets.set(name, new Map(values.map((value, at) => [value, bytesOf(bits[at])])));
    }
  }

  // whether the browser can tell by itself what matches
  knows({ text }) {
    return FOLDED_ALIKE.test(text);
  }

  // a byte a zone: 1 where it matches
  matches(choice) {
    const shown = new Uint8Array(this.rows).fill(1);
    for (const [name, masks] of this.facets) {
      const wanted = choice[name] ?? [];
      if (wanted.length) this.#narrow(shown, wanted.map((value) => masks.get(value)).filter(Boolean));
    }
    let { least, most } = choice;
    if (least !== null && most !== null && least > most) [least, most] = [most, least];
    const { area } = this;
    // a zone without an area is in no range
    if (least !== null) shown.forEach((on, row) => (shown[row] = on && area[row] !== null && area[row] >= least));
    if (most !== null) shown.forEach((on, row) => (shown[row] = on && area[row] !== null && area[row] <= most));
    for (const word of fold(choice.text).split(/\s+/u).filter(Boolean)) {
      shown.forEach((on, row) => (shown[row] = on && this.words[row].includes(word)));
    }
    return shown;
  }

  // keep the rows that any of the masks has
  #narrow(shown, masks) {
    for (let row = 0; row < this.rows; row++) {
      const bit = 128 >> (row & 7);
      if (shown[row]) shown[row] = masks.some((bytes) => bytes[row >> 3] & bit);
    }
  }
}
