// The rules of node:path, for one kind of separator.

import { invalidArgType, validateString } from "node:internal/errors";

/**
 * @param {object} style
 * @param {string} style.sep
 * @param {string} style.delimiter
 * @param {(path: string) => { root: string, device: string }} style.root what stays whatever ".." asks for
 * @param {RegExp | string} style.split
 * @param {(path: string) => boolean} [style.isNormal] whether normalizing a path surely changes nothing
 * @param {() => string} style.cwd
 */
export function pathRules(style) {
  const { sep, delimiter } = style;
  const isSep = (char) => char === "/" || char === sep;

  const absoluteRoot = (root) => root !== "" && isSep(root.at(-1));

  function normalize(path) {
    validateString(path, "path");
    if (path === "") return ".";
    if (style.isNormal?.(path)) return path;
    const { root, rest } = cut(path);
    const names = collapse(rest.split(style.split), absoluteRoot(root));
    let tail = names.join(sep);
    if (tail === "" && !absoluteRoot(root)) tail = ".";
    if (tail !== "" && isSep(path.at(-1)) && rest !== "") tail += sep;
    return root + tail;
  }

  function cut(path) {
    const root = style.root(path);
    return { root: root.replaceAll("/", sep), rest: path.slice(root.length) };
  }

  function isAbsolute(path) {
    validateString(path, "path");
    return absoluteRoot(style.root(path));
  }

  function join(...parts) {
    for (const part of parts) validateString(part, "path");
    const joined = parts.filter((part) => part !== "").join(sep);
    return joined === "" ? "." : normalize(joined);
  }

  function resolve(...parts) {
    let path = "";
    for (let i = parts.length - 1; i >= 0; i--) {
      validateString(parts[i], `paths[${i}]`);
      if (parts[i] === "") continue;
      path = path === "" ? parts[i] : `${parts[i]}${sep}${path}`;
      if (isAbsolute(parts[i])) break;
    }
    if (path === "" || !isAbsolute(path))
      path = path === "" ? style.cwd() : `${style.cwd()}${sep}${path}`;
    if (style.isNormal?.(path) && !isSep(path.at(-1))) return path;
    const { root, rest } = cut(path);
    return root + collapse(rest.split(style.split), true).join(sep);
  }

  function relative(from, to) {
    validateString(from, "from");
    validateString(to, "to");
    const start = resolve(from).split(style.split).filter(Boolean);
    const end = resolve(to).split(style.split).filter(Boolean);
    let same = 0;
    while (same < start.length && same < end.length && style.same(start[same], end[same])) same++;
    return [...start.slice(same).map(() => ".."), ...end.slice(same)].join(sep);
  }

  /** Where the last name begins and ends, trailing separators aside. */
  function lastName(path) {
    const start = style.root(path).length;
    let end = path.length;
    while (end > start && isSep(path[end - 1])) end--;
    let begin = end;
    while (begin > start && !isSep(path[begin - 1])) begin--;
    return { start, begin, end };
  }

  function dirname(path) {
    validateString(path, "path");
    if (path === "") return ".";
    const { start, begin } = lastName(path);
    let end = begin;
    while (end > start && isSep(path[end - 1])) end--;
    if (end === 0) return ".";
    return path.slice(0, end);
  }

  function basename(path, suffix) {
    if (suffix !== undefined) validateString(suffix, "suffix");
    validateString(path, "path");
    const { begin, end } = lastName(path);
    const name = path.slice(begin, end);
    if (suffix !== undefined && suffix !== "" && name.endsWith(suffix)) {
      return name.slice(0, -suffix.length);
    }
    return name;
  }

  function extname(path) {
    validateString(path, "path");
    const name = basename(path);
    const dot = name.lastIndexOf(".");
    if (dot <= 0 || name === "..") return "";
    return name.slice(dot);
  }

  function parse(path) {
    validateString(path, "path");
    const root = style.root(path);
    const base = basename(path);
    const ext = extname(path);
    const { begin, start } = lastName(path);
    let end = begin;
    while (end > start && isSep(path[end - 1])) end--;
    return {
      root,
      dir: path.slice(0, end),
      base,
      ext,
      name: base.slice(0, base.length - ext.length),
    };
  }

  function format(parts) {
    if (parts === null || typeof parts !== "object")
      throw invalidArgType("pathObject", "of type object", parts);
    const dir = parts.dir || parts.root;
    const ext = parts.ext ? (parts.ext.startsWith(".") ? parts.ext : `.${parts.ext}`) : "";
    const base = parts.base || `${parts.name || ""}${ext}`;
    if (!dir) return base;
    return dir === parts.root ? `${dir}${base}` : `${dir}${sep}${base}`;
  }

  return {
    sep,
    delimiter,
    normalize,
    isAbsolute,
    join,
    resolve,
    relative,
    dirname,
    basename,
    extname,
    parse,
    format,
    matchesGlob,
    toNamespacedPath: (path) => path,
  };
}

/** Resolves "." and ".." in a list of names. */
function collapse(names, absolute) {
  const kept = [];
  for (const name of names) {
    if (name === "" || name === ".") continue;
    if (name !== "..") kept.push(name);
    else if (kept.length > 0 && kept.at(-1) !== "..") kept.pop();
    else if (!absolute) kept.push("..");
  }
  return kept;
}

function matchesGlob(path, pattern) {
  const source = pattern
    .replace(/[.+^${}()|\\]/g, "\\$&")
    .replace(/\*\*\/?/g, "\0")
    .replace(/\*/g, "[^/]*")
    .replace(/\?/g, "[^/]")
    .replaceAll("\0", "(?:.*/)?");
  return new RegExp(`^${source}$`).test(path);
}
