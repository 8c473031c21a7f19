/** Running a plugin's setup wizard (plugin contract §4.5). */
import { setupAdapter } from "ocg:runtime/setup-input";

/**
 * @param {object} plugin the channel plugin
 * @param {{ cfg: object, account: string | null, prompter: object, runtime: object }} context
 * @returns {Promise<{ cfg: object, account: string }>} the configuration that it leads to
 */
export async function runSetupWizard(plugin, { cfg, account, prompter, runtime }) {
  const { setupWizard: wizard } = plugin;
  const defaultId = plugin.config.defaultAccountId?.(cfg) ?? "default";
  if (typeof wizard.configure === "function") {
    const done = await wizard.configure({
      cfg,
      prompter,
      runtime,
      accountOverrides: account ? { [plugin.id]: account } : {},
      shouldPromptAccountIds: false,
      forceAllowFrom: false,
    });
    return { cfg: done.cfg ?? cfg, account: done.accountId ?? account ?? defaultId };
  }
  const chosen = await wizard.resolveAccountIdForConfigure?.({
    cfg,
    prompter,
    accountOverride: account ?? undefined,
    shouldPromptAccountIds: false,
    listAccountIds: plugin.config.listAccountIds,
    defaultAccountId: defaultId,
  });
  const accountId = chosen ?? account ?? defaultId;
  const steps = new Steps(plugin, { cfg, accountId, prompter, runtime });
  await steps.note(wizard.introNote);
  await steps.hook(wizard.prepare);
  if (wizard.stepOrder === "text-first") {
    await steps.texts();
    await steps.credentials();
  } else {
    await steps.credentials();
    await steps.texts();
  }
  await steps.hook(wizard.finalize);
  await steps.note(wizard.completionNote);
  return { cfg: steps.cfg, account: accountId };
}

/** The steps of a declarative wizard and what they have led to so far. */
class Steps {
  constructor(plugin, { cfg, accountId, prompter, runtime }) {
    this.plugin = plugin;
    this.cfg = cfg;
    this.accountId = accountId;
    this.prompter = prompter;
    this.runtime = runtime;
    /** What was typed, by input key. */
    this.credentialValues = {};
  }

  get context() {
    const { cfg, accountId, credentialValues } = this;
    return { cfg, accountId, credentialValues };
  }

  async note(note) {
    if (!note || (await note.shouldShow?.(this.context)) === false) return;
    await this.prompter.note(note.lines.join("\n"), note.title);
  }

  /** Runs a hook that may change the configuration and what was typed. */
  async hook(hook) {
    const { prompter, runtime } = this;
    const done = await hook?.({ ...this.context, prompter, runtime, forceAllowFrom: false });
    if (done?.cfg) this.cfg = done.cfg;
    Object.assign(this.credentialValues, done?.credentialValues);
  }

  async credentials() {
    for (const step of this.plugin.setupWizard.credentials ?? []) {
      const state = step.inspect(this.context);
      const currentValue = state.resolvedValue;
      const params = { ...this.context, currentValue, state };
      if ((await step.shouldPrompt?.(params)) === false) continue;
      if (state.hasConfiguredValue && (await this.keep(step.keepPrompt))) {
        this.credentialValues[step.inputKey] = currentValue;
        continue;
      }
      await this.help(step);
      const typed = await this.prompter.text({
        message: step.inputPrompt,
        sensitive: true,
        validate: required,
      });
      await this.apply(step, typed.trim());
    }
  }

  async texts() {
    for (const step of this.plugin.setupWizard.textInputs ?? []) {
      const currentValue = await step.currentValue?.(this.context);
      if ((await step.shouldPrompt?.({ ...this.context, currentValue })) === false) continue;
      const { keepPrompt } = step;
      const question = typeof keepPrompt === "function" ? keepPrompt(currentValue) : keepPrompt;
      if (currentValue && step.confirmCurrentValue !== false && question) {
        if (await this.keep(question)) {
          if (step.applyCurrentValue) await this.apply(step, currentValue);
          continue;
        }
      }
      await this.help(step);
      const typed = await this.prompter.text({
        message: step.message,
        placeholder: step.placeholder,
        sensitive: step.sensitive,
        initialValue: currentValue ?? (await step.initialValue?.(this.context)),
        validate: (value) =>
          (step.required ? required(value) : undefined) ??
          step.validate?.({ ...this.context, value }),
      });
      const value = step.normalizeValue?.({ ...this.context, value: typed }) ?? typed.trim();
      if (value || step.applyEmptyValue) await this.apply(step, value);
    }
  }

  keep(message) {
    return this.prompter.confirm({ message, initialValue: true });
  }

  async help({ helpTitle, helpLines }) {
    if (helpLines?.length) await this.prompter.note(helpLines.join("\n"), helpTitle);
  }

  async apply(step, value) {
    this.credentialValues[step.inputKey] = value;
    if (step.applySet) {
      this.cfg = await step.applySet({ ...this.context, value, resolvedValue: value });
      return;
    }
    const { cfg, accountId } = this;
    const input = { [step.inputKey]: value };
    this.cfg = setupAdapter(this.plugin).applyAccountConfig({ cfg, accountId, input });
  }
}

function required(value) {
  return String(value ?? "").trim() ? undefined : "Required";
}
