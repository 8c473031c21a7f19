// node:vm: importable, but nothing in it works.

import { unavailable } from "node:internal/errors";

const WHY = "code cannot be compiled by plugins";
export const Script = unavailable("Script", WHY);
export const createContext = unavailable("createContext", WHY);
export const isContext = unavailable("isContext", WHY);
export const compileFunction = unavailable("compileFunction", WHY);
export const runInContext = unavailable("runInContext", WHY);
export const runInNewContext = unavailable("runInNewContext", WHY);
export const runInThisContext = unavailable("runInThisContext", WHY);
export const SourceTextModule = unavailable("SourceTextModule", WHY);

export default {
  Script,
  createContext,
  isContext,
  compileFunction,
  runInContext,
  runInNewContext,
  runInThisContext,
  SourceTextModule,
};
