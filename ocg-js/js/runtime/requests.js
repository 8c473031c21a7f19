/** Texts that ask the host for something, not the agent. */

/** Words that stop the agent, besides `/stop`, in the languages that OpenClaw knows. */
const STOP_WORDS = new Set(
  `stop|esc|abort|exit|interrupt|halt|detente|deten|detén|arrete|arrête|停止|停下来|暂停|やめて|止めて|रुको|توقف|стоп|
  остановись|останови|остановить|прекрати|anhalten|aufhören|hoer auf|stopp|pare|stop openclaw|openclaw stop|stop action|
  stop current action|stop run|stop current run|stop agent|stop the agent|stop don't do anything|
  stop dont do anything|stop do not do anything|stop doing anything|do not do that|please stop|
  stop please`
    .split("|")
    .map((word) => word.trim()),
);

/** A command as it was meant: one line, `/name: rest` and `/name@bot rest` as `/name rest`. */
function commandText(text, { botUsername } = {}) {
  const line = String(text ?? "")
    .trim()
    .replace(/^(\/[^\s:@]+):\s*/, "$1 ")
    .trim();
  const addressed = /^\/([^\s@]+)@([^\s]+)(.*)$/s.exec(line);
  if (addressed && botUsername && addressed[2].toLowerCase() === botUsername.trim().toLowerCase()) {
    return `/${addressed[1]}${addressed[3]}`;
  }
  return line;
}

/** Whether the text asks to stop the agent. */
export function isAbortRequestText(text, options) {
  const spoken = commandText(text, options)
    .toLowerCase()
    .replace(/[’`]/g, "'")
    .replace(/\s+/g, " ")
    .replace(/[.!?！？…,，。;；:：'"’”)\]}]+$/u, "")
    .trim();
  return spoken === "/stop" || STOP_WORDS.has(spoken);
}

/** Whether the text is a question besides the task (`/btw`). */
export function isBtwRequestText(text, options) {
  return /^\/btw(?::|\s|$)/i.test(commandText(text, options));
}

/** Commands that OpenClaw knows and plugins look for, by any of their names. */
const COMMANDS = new Set(
  `help commands skill status tasks allowlist approve context btw side export-session export tts stop
  whoami id session subagents config mcp plugins debug usage restart activation send reset new
  compact think thinking t verbose v trace fast reasoning reason elevated elev exec model models
  queue bash`
    .split(/\s+/)
    .map((name) => `/${name}`),
);

/** The command that a text gives, or null: the whole text, or its first word. */
export function maybeResolveTextAlias(raw) {
  const text = commandText(raw).toLowerCase();
  if (COMMANDS.has(text)) return text;
  const first = /^\/[^\s:]+(?=\s|$)/.exec(text)?.[0];
  return first && COMMANDS.has(first) ? first : null;
}
