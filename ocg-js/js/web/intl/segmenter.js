/** Intl.Segmenter by the rules of UAX 29. Words of Chinese are not found: each character is one. */
import * as native from "ocg:native/intl";
import { resolve, supportedLocalesOf } from "ocg:web/intl/locales";
import { objectOf, option } from "ocg:web/intl/options";

class Segments {
  #input;
  #granularity;
  #starts;

  constructor(input, granularity) {
    this.#input = input;
    this.#granularity = granularity;
    this.#starts = native.segments(input, granularity);
  }

  #at(place) {
    const packed = this.#starts[place];
    const index = Math.floor(packed / 2);
    const end =
      place + 1 < this.#starts.length ? Math.floor(this.#starts[place + 1] / 2) : undefined;
    const segment = { segment: this.#input.slice(index, end), index, input: this.#input };
    if (this.#granularity === "word") segment.isWordLike = packed % 2 === 1;
    return segment;
  }

  containing(at = 0) {
    const position = Math.trunc(Number(at)) || 0;
    if (position < 0 || position >= this.#input.length) return undefined;
    let [low, high] = [0, this.#starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.#starts[middle] / 2 < position + 1) low = middle;
      else high = middle;
    }
    return this.#at(low);
  }

  *[Symbol.iterator]() {
    for (let place = 0; place < this.#starts.length; place++) yield this.#at(place);
  }
}

export class Segmenter {
  #locale;
  #granularity;

  constructor(locales, options) {
    this.#locale = resolve(locales);
    const allowed = ["grapheme", "word", "sentence"];
    this.#granularity = option(
      objectOf(options),
      "granularity",
      allowed,
      "grapheme",
      "Intl.Segmenter",
    );
  }

  segment(input) {
    return new Segments(String(input), this.#granularity);
  }

  resolvedOptions() {
    return { locale: this.#locale, granularity: this.#granularity };
  }

  static supportedLocalesOf(locales) {
    return supportedLocalesOf(locales);
  }

  get [Symbol.toStringTag]() {
    return "Intl.Segmenter";
  }
}
