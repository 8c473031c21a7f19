// node:sqlite

import * as native from "ocg:native/sqlite";
import { invalidArgType, nodeError, unavailable } from "node:internal/errors";
import { pathOf } from "node:internal/fs_arguments";

const TOKEN = Symbol("statement");

export class StatementSync {
  #statement;
  #sql;

  constructor(token, database, sql) {
    if (token !== TOKEN)
      throw nodeError(TypeError, "ERR_ILLEGAL_CONSTRUCTOR", "Illegal constructor");
    this.#statement = new native.Statement(database, sql);
    this.#sql = sql;
  }

  run(...values) {
    return this.#statement.run(...values.map(bindable));
  }

  get(...values) {
    return this.#statement.get(...values.map(bindable));
  }

  all(...values) {
    return this.#statement.all(...values.map(bindable));
  }

  /** The rows are fetched at once: nothing stays open when the loop ends early. */
  iterate(...values) {
    return this.all(...values).values();
  }

  columns() {
    return this.#statement
      .columns()
      .map((name) => ({ name, column: name, table: null, database: null, type: null }));
  }

  setReadBigInts(on) {
    this.#statement.setReadBigInts(flag(on, "readBigInts"));
  }

  setReturnArrays(on) {
    this.#statement.setReturnArrays(flag(on, "returnArrays"));
  }

  setAllowBareNamedParameters(on) {
    this.#statement.setAllowBareNamedParameters(flag(on, "allowBareNamedParameters"));
  }

  setAllowUnknownNamedParameters(on) {
    this.#statement.setAllowUnknownNamedParameters(flag(on, "enabled"));
  }

  get sourceSQL() {
    return this.#sql;
  }

  get expandedSQL() {
    return this.#statement.expandedSQL();
  }
}

function flag(value, name) {
  if (typeof value !== "boolean") throw invalidArgType(name, "a boolean", value);
  return value;
}

/** Every view is a blob. */
function bindable(value) {
  if (ArrayBuffer.isView(value) && !(value instanceof Uint8Array)) {
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  }
  return value;
}

export class DatabaseSync {
  #database;
  #path;
  #options;

  constructor(path, options = {}) {
    this.#path = pathOf(path);
    this.#options = options ?? {};
    if (this.#options.open !== false) this.open();
  }

  open() {
    if (this.#database) throw nodeError(Error, "ERR_INVALID_STATE", "database is already open");
    const { readOnly = false, timeout = 0, enableForeignKeyConstraints = true } = this.#options;
    this.#database = new native.Database(
      this.#path,
      Boolean(readOnly),
      timeout,
      Boolean(enableForeignKeyConstraints),
    );
  }

  close() {
    const database = this.#opened();
    this.#database = undefined;
    database.close();
  }

  exec(sql) {
    if (typeof sql !== "string") throw invalidArgType("sql", "a string", sql);
    this.#opened().exec(sql);
  }

  prepare(sql, options = {}) {
    if (typeof sql !== "string") throw invalidArgType("sql", "a string", sql);
    const statement = new StatementSync(TOKEN, this.#opened(), sql);
    const settings = { ...this.#options, ...options };
    if (settings.readBigInts) statement.setReadBigInts(true);
    if (settings.returnArrays) statement.setReturnArrays(true);
    if (settings.allowBareNamedParameters === false) statement.setAllowBareNamedParameters(false);
    if (settings.allowUnknownNamedParameters) statement.setAllowUnknownNamedParameters(true);
    return statement;
  }

  location() {
    this.#opened();
    return this.#path === ":memory:" || this.#path === "" ? null : this.#path;
  }

  get isOpen() {
    return this.#database !== undefined;
  }

  get isTransaction() {
    return this.#opened().inTransaction();
  }

  #opened() {
    if (!this.#database) throw nodeError(Error, "ERR_INVALID_STATE", "database is not open");
    return this.#database;
  }

  enableLoadExtension(on) {
    if (on) throw nodeError(Error, "ERR_INVALID_STATE", "extensions cannot be loaded by plugins");
  }

  [Symbol.dispose ?? Symbol.for("Symbol.dispose")]() {
    if (this.#database) this.close();
  }
}

const WHY = "it is not provided to plugins";
for (const name of ["function", "aggregate", "createSession", "applyChangeset", "loadExtension"]) {
  DatabaseSync.prototype[name] = unavailable(name, WHY);
}
export const backup = unavailable("backup", WHY);
export const constants = Object.freeze({
  SQLITE_CHANGESET_OMIT: 0,
  SQLITE_CHANGESET_REPLACE: 1,
  SQLITE_CHANGESET_ABORT: 2,
});

export default { DatabaseSync, StatementSync, backup, constants };
