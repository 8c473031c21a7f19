/** Installs the web platform's and Node's globals. The first module of every isolate. */
import "ocg:web/timers-globals";
import "node:module";
import process from "node:process";
import { atob, btoa } from "ocg:web/base64";
import console from "ocg:web/console";
import { crypto } from "ocg:web/crypto";
import { define } from "ocg:web/define";
import { TextDecoder, TextEncoder } from "ocg:web/text-encoder";
import { URL, URLSearchParams } from "ocg:web/url";

define({
  TextDecoder,
  TextEncoder,
  URL,
  URLSearchParams,
  atob,
  btoa,
  console,
  crypto,
  global: globalThis,
  process,
  self: globalThis,
});
