/**
 * Files that a plugin received and names in the text only ("[Attachment: /path/of/it]"): OpenClaw's
 * agent reads them there, an agent behind the gateway has to be given them.
 */
import { realpathSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join, sep } from "node:path";

/** A file older than this came with an earlier message. */
const FRESH_MS = 10 * 60 * 1000;
/** What cannot be part of a path: the punctuation that plugins put around one. */
const END = /[\]\r\n"<>|]|, /;

/** Files that went along with a message: with that one only. @type {Set<string>} */
const given = new Set();
const MOST_GIVEN = 1000;

/** Where plugins put the files that they receive. */
const mediaFolder = () => join(homedir(), ".openclaw", "media");

/**
 * The new ones among the received files that a text names.
 *
 * A sender cannot get at the files of others by writing their names: what the sender wrote is
 * looked at, and a file goes along once, with the message that came with it.
 *
 * @param {string} text what the plugin made of the message
 * @param {string} typed what the sender wrote
 * @param {string[]} known files that go along anyhow
 * @returns {string[]}
 */
export function filesNamedIn(text, typed, known) {
  const folder = mediaFolder() + sep;
  const found = [];
  for (let at = text.indexOf(folder); at >= 0; at = text.indexOf(folder, at + 1)) {
    const [path] = text.slice(at).split(END, 1);
    if (typed.includes(path) || known.includes(path) || !isNew(path, folder)) continue;
    given.add(path);
    found.push(path);
  }
  for (const path of given) {
    if (given.size <= MOST_GIVEN) break;
    given.delete(path);
  }
  return found;
}

function isNew(path, folder) {
  if (given.has(path)) return false;
  try {
    const real = realpathSync(path);
    if (!real.startsWith(realpathSync(folder) + sep)) return false;
    const stat = statSync(real);
    return stat.isFile() && Date.now() - stat.mtimeMs < FRESH_MS;
  } catch {
    return false;
  }
}
