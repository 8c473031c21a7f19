// Records what Node answers to the scripts in tests/node_vectors/*.json:
//   node ocg-js/tests/record_node_vectors.mjs [file without .json ...]
// Each file holds { script: answer }. A script is the body of an async function that gets `use`
// (imports a module), `dir` (an empty directory) and Buffer; what it returns is compared after
// `show` has made JSON of it and written "<dir>" for the directory. New scripts are added with
// null as their answer.

import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const folder = path.join(path.dirname(fileURLToPath(import.meta.url)), "node_vectors");
const showSource = fs.readFileSync(path.join(folder, "show.js"), "utf8");
const show = new Function(`${showSource}; return show;`)();
const AsyncFunction = (async () => {}).constructor;

for (const name of fs.readdirSync(folder).filter((file) => file.endsWith(".json") && (process.argv.length < 3 || process.argv.includes(file.slice(0, -5))))) {
  const file = path.join(folder, name);
  const vectors = JSON.parse(fs.readFileSync(file, "utf8"));
  for (const script of Object.keys(vectors)) {
    const dir = fs.mkdtempSync(path.join(os.tmpdir(), "vectors-"));
    const run = new AsyncFunction("use", "dir", "Buffer", script);
    let answer;
    try {
      answer = { value: show(await run((module) => import(module), dir, Buffer)) };
    } catch (error) {
      answer = { error: show({ name: error.name, code: error.code, message: error.message, errno: error.errno, syscall: error.syscall, path: error.path, dest: error.dest }) };
    }
    vectors[script] = JSON.parse(JSON.stringify(answer).replaceAll(dir, "<dir>"));
    fs.rmSync(dir, { recursive: true });
  }
  fs.writeFileSync(file, `${JSON.stringify(vectors, null, 1)}\n`);
}
