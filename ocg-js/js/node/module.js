/** CommonJS: `require`, its cache and `createRequire`. */
import {
  builtins,
  compile,
  importSync,
  kind,
  readJson,
  resolve,
  setCommonJsLoader,
} from "ocg:native/module";

/** Modules by canonical file name, as `require.cache` shows them. */
const cache = Object.create(null);

const dirname = (path) => path.slice(0, Math.max(path.lastIndexOf("/"), 1));

/** Folders in which packages are looked for, nearest first. */
function nodeModulePaths(from) {
  const parts = from.split("/").filter(Boolean);
  const paths = [];
  for (let length = parts.length; length >= 0; length--) {
    if (parts[length - 1] === "node_modules") continue;
    paths.push(`/${[...parts.slice(0, length), "node_modules"].join("/")}`);
  }
  return paths;
}

/** One CommonJS module. */
export class Module {
  constructor(id = "", parent = undefined) {
    this.id = id;
    this.path = dirname(id);
    this.exports = {};
    this.filename = id || null;
    this.loaded = false;
    this.children = [];
    this.paths = nodeModulePaths(this.path);
    Object.defineProperty(this, "parent", { value: parent, configurable: true, writable: true });
    parent?.children.push(this);
  }

  require(specifier) {
    return requireFrom(specifier, this.filename, this);
  }

  static createRequire = createRequire;
  static builtinModules = builtins();
  static isBuiltin = isBuiltin;
  static _cache = cache;
  static _extensions = { ".js": undefined, ".json": undefined, ".node": undefined };
  static _nodeModulePaths = nodeModulePaths;
  static _resolveFilename = (specifier, parent) =>
    resolve(specifier, parent?.filename ?? "ocg:host");
  static _load = (specifier, parent) =>
    requireFrom(specifier, parent?.filename ?? "ocg:host", parent);
  static Module = Module;
}

/** Runs a file, or gives what it exported before. */
function load(name, parent) {
  const known = cache[name];
  if (known) return known.exports;
  const type = kind(name);
  if (type === "module") return importModule(name);
  const module = new Module(name, parent);
  cache[name] = module;
  try {
    if (type === "json") {
      module.exports = readJson(name);
    } else {
      const run = compile(name);
      run.call(module.exports, module.exports, requireOf(module), module, name, module.path);
    }
  } catch (error) {
    delete cache[name];
    throw error;
  }
  module.loaded = true;
  return module.exports;
}

/** What `require` gives for an ES module. */
function importModule(name) {
  const namespace = importSync(name);
  if (Object.hasOwn(namespace, "module.exports")) return namespace["module.exports"];
  return name.startsWith("node:") ? (namespace.default ?? namespace) : namespace;
}

function requireFrom(specifier, parentName, parent) {
  if (typeof specifier !== "string" || specifier === "") {
    const error = new TypeError(`require() takes the name of a module, not ${typeof specifier}`);
    error.code = typeof specifier === "string" ? "ERR_INVALID_ARG_VALUE" : "ERR_INVALID_ARG_TYPE";
    throw error;
  }
  return load(resolve(specifier, parentName), parent);
}

function makeRequire(parentName, parent) {
  const require = (specifier) => requireFrom(specifier, parentName, parent);
  require.resolve = (specifier) => {
    const name = resolve(specifier, parentName);
    return name.startsWith("node:") && !specifier.startsWith("node:") ? specifier : name;
  };
  require.resolve.paths = (specifier) =>
    isBuiltin(specifier) ? null : nodeModulePaths(dirname(parentName));
  require.cache = cache;
  require.extensions = Module._extensions;
  require.main = undefined;
  return require;
}

function requireOf(module) {
  return makeRequire(module.filename, module);
}

/**
 * A `require` for the module at a path or `file:` URL.
 * @param {string | URL} filename
 */
export function createRequire(filename) {
  const name = String(filename);
  if (!name.startsWith("file:") && !name.startsWith("/")) {
    const error = new TypeError(
      `createRequire() takes a file URL or an absolute path, not "${name}"`,
    );
    error.code = "ERR_INVALID_ARG_VALUE";
    throw error;
  }
  return makeRequire(name);
}

/** Whether a specifier names a module of Node's own. */
export function isBuiltin(specifier) {
  const name = specifier.replace(/^node:/, "");
  return builtinModules.includes(name);
}

export const builtinModules = Module.builtinModules;

/** Source maps are not used: stack traces show the compiled files. */
export const findSourceMap = () => undefined;
export const register = () => {};

setCommonJsLoader((name) => load(name));

export default Module;
