// node:constants: the constants of os, fs and crypto together.

import { constants as crypto } from "node:crypto";
import { constants as fs } from "node:fs";
import { constants as os } from "node:os";

const constants = Object.freeze({ ...os.errno, ...os.signals, ...os.priority, ...fs, ...crypto });
export default constants;
