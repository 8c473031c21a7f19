/**
 * Records OpenClaw's own answers to cases.mjs. Needs Node 24 and, beside copies of these two files,
 * the real SDK: `npm install openclaw@2026.9.6 --ignore-scripts`, then `node record.mjs`.
 */
import { writeFile } from "node:fs/promises";
import { answers } from "./cases.mjs";

const recorded = JSON.stringify(await answers(), null, 1);
await writeFile(new URL("vectors.json", import.meta.url), `${recorded}\n`);
