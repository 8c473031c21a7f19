/** The prompter that setup wizards ask through; the answers are typed at the terminal. */
import { hostCall } from "ocg:host";

/** Ends a wizard that the person has declined to go on with. */
export class WizardCancelled extends Error {}

/** @returns {object} OpenClaw's WizardPrompter */
export function createPrompter() {
  return {
    async intro(title) {
      print(title);
    },
    async outro(message) {
      print(message);
    },
    async note(message, title) {
      print(title ? `\n${title}\n${message}\n` : `${message}\n`);
    },
    async plain(message) {
      print(message);
    },
    async deviceCode({ title, code, message, expiresInMinutes }) {
      const limit = expiresInMinutes ? ` (valid for ${expiresInMinutes} minutes)` : "";
      print([title, message, `${code}${limit}`].filter(Boolean).join("\n"));
    },
    async openUrl(url) {
      print(url);
    },
    async select({ message, options, initialValue }) {
      const initial = options.findIndex((option) => option.value === initialValue);
      const at = await ask({
        kind: "select",
        message,
        options: options.map(describeOption),
        initial: Math.max(initial, 0),
      });
      return options[at].value;
    },
    async multiselect({ message, options, initialValues = [] }) {
      const initial = initialValues.map((value) => options.findIndex((one) => one.value === value));
      const places = await ask({
        kind: "multiselect",
        message,
        options: options.map(describeOption),
        initial: initial.filter((at) => at >= 0),
      });
      return places.map((at) => options[at].value);
    },
    async confirm({ message, initialValue = false }) {
      return ask({ kind: "confirm", message, initial: initialValue });
    },
    text: askText,
    progress(label) {
      print(label);
      return {
        update: print,
        stop(message) {
          if (message) print(message);
        },
      };
    },
    disableBackNavigation() {},
    cancel(message) {
      throw new WizardCancelled(message);
    },
  };
}

/** Plugins do not always say that a secret is one. */
const SECRET = /secret|password|token|密钥|密码/i;

/** Asks until the plugin accepts the text. An empty line stands for the initial value. */
async function askText({ message, initialValue, placeholder, validate, sensitive }) {
  const hidden = sensitive ?? SECRET.test(message);
  const hint = initialValue ? (hidden ? "as it is" : initialValue) : placeholder;
  const question = { kind: "text", message, hint: hint ?? null, sensitive: hidden };
  for (let complaint = null; ;) {
    const typed = await ask({ ...question, complaint });
    const value = typed || (initialValue ?? "");
    complaint = (await validate?.(value)) ?? null;
    if (complaint === null) return value;
    complaint = complaint instanceof Error ? complaint.message : String(complaint);
  }
}

/** @param {object} question see plugin/login/question.rs */
function ask(question) {
  return hostCall("login.ask", question);
}

function describeOption({ label, value, hint }) {
  return { label: label ?? String(value), hint: hint ?? null };
}

function print(text) {
  process.stdout.write(`${text}\n`);
}
