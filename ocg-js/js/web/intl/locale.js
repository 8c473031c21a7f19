/** Intl.Locale: the parts of a language tag. Likely subtags are not known. */
import { canonical } from "ocg:web/intl/locales";

export class Locale {
  #tag;

  constructor(tag, options = {}) {
    const text = canonical(tag instanceof Locale ? tag.toString() : tag);
    const { language, script, region } = options;
    const [parts, extension] = split(text);
    const kept = {
      language: language ?? parts.language,
      script: script ?? parts.script,
      region: region ?? parts.region,
    };
    this.#tag = canonical(
      [kept.language, kept.script, kept.region, ...parts.variants].filter(Boolean).join("-") +
        extension,
    );
  }

  get language() {
    return split(this.#tag)[0].language;
  }

  get script() {
    return split(this.#tag)[0].script;
  }

  get region() {
    return split(this.#tag)[0].region;
  }

  get baseName() {
    const [, extension] = split(this.#tag);
    return this.#tag.slice(0, this.#tag.length - extension.length);
  }

  maximize() {
    return new Locale(this.#tag);
  }

  minimize() {
    return new Locale(this.#tag);
  }

  toString() {
    return this.#tag;
  }

  get [Symbol.toStringTag]() {
    return "Intl.Locale";
  }
}

function split(tag) {
  const extension = /-[a-z\d]-.*$/i.exec(tag)?.[0] ?? "";
  const [language, ...rest] = tag.slice(0, tag.length - extension.length).split("-");
  const script = rest.find((part) => /^[A-Z][a-z]{3}$/.test(part));
  const region = rest.find((part) => /^(?:[A-Z]{2}|\d{3})$/.test(part));
  const variants = rest.filter((part) => part !== script && part !== region);
  return [{ language, script, region, variants }, extension];
}
