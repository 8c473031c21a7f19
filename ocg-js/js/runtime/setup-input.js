/** Setting an account up from named values, as `ocg channels add` does (plugin contract §4.3). */
import { createLogger } from "ocg:runtime/logging";
import { getRuntimeConfig, loadConfig, writeConfigFile } from "ocg:runtime/config";
import { channelPlugin } from "ocg:runtime/plugin-registry";

/**
 * @typedef {{ key: string, kind: string, sensitive: boolean, description: string | null }} Field
 */

/** What a plugin sets accounts up with: its contract, or the adapter of older generations. */
export function setupAdapter(plugin) {
  return plugin.setupContract ?? plugin.setup;
}

/**
 * The values that a channel can be set up with: those its setup code reads, then the settings of its
 * configuration section.
 *
 * @param {{ channel: string, schema: object | null }} params `schema`: as the manifest has it
 * @returns {Field[]}
 */
export function setupFields({ channel, schema }) {
  const plugin = channelPlugin(channel);
  const inputs = inputFields(plugin);
  const known = new Set(inputs.map((field) => field.key));
  const settings = Object.entries(properties(plugin, schema))
    .filter(([key]) => !known.has(key) && key !== "accounts" && key !== "enabled")
    .map(([key, property]) => ({
      key,
      kind: typeOf(property),
      sensitive: plugin.configSchema?.uiHints?.[key]?.sensitive === true,
      description: property.description ?? plugin.configSchema?.uiHints?.[key]?.label ?? null,
    }));
  return [...inputs, ...settings];
}

/**
 * Sets an account up and stores what changed.
 *
 * @param {{ channel: string, account: string | null, input: Record<string, string>, schema: object | null }} params
 * @returns {Promise<{ account: string }>}
 */
export async function applySetup({ channel, account, input, schema }) {
  const plugin = channelPlugin(channel);
  const adapter = setupAdapter(plugin);
  const previousCfg = getRuntimeConfig();
  const read = new Set(inputFields(plugin).map((field) => field.key));
  const entries = Object.entries(input);
  let typed = Object.fromEntries(entries.filter(([key]) => read.has(key)));
  const settings = entries.filter(([key]) => !read.has(key));

  let cfg = loadConfig();
  const accountId =
    adapter?.resolveAccountId?.({ cfg, accountId: account ?? undefined, input: typed }) ??
    account ??
    plugin.config.defaultAccountId?.(cfg) ??
    "default";
  const runtime = createLogger(channel);
  if (adapter && (settings.length === 0 || Object.keys(typed).length > 0)) {
    typed = parse(plugin, typed);
    typed =
      (await adapter.prepareAccountConfigInput?.({ cfg, accountId, input: typed, runtime })) ??
      typed;
    const refusal = adapter.validateInput?.({ cfg, accountId, input: typed });
    if (refusal) throw new Error(refusal);
    cfg = adapter.applyAccountConfig({ cfg, accountId, input: typed });
    if (typed.name && adapter.applyAccountName) {
      cfg = adapter.applyAccountName({ cfg, accountId, name: typed.name });
    }
  }
  cfg = withSettings(cfg, plugin, accountId, settings, properties(plugin, schema));
  check(plugin, cfg);
  await writeConfigFile(cfg);
  await adapter?.afterAccountConfigWritten?.({
    previousCfg,
    cfg,
    accountId,
    input: typed,
    runtime,
  });
  return { account: accountId };
}

/** The values that the plugin's setup code reads. @returns {Field[]} */
function inputFields(plugin) {
  const fields = plugin.setupContract?.metadata?.fields;
  if (fields) {
    return fields.map(({ key, kind, sensitive, cli }) => ({
      key,
      kind,
      sensitive: sensitive === true,
      description: cli?.description ?? null,
    }));
  }
  return [...probe(plugin)].map((key) => ({
    key,
    kind: "string",
    sensitive: /token|secret|password|key$/i.test(key),
    description: null,
  }));
}

/** Adapters of older generations do not say what they read, so they are watched reading nothing. */
function probe(plugin) {
  const read = new Set();
  const input = new Proxy(
    {},
    {
      get(_, key) {
        if (typeof key === "string" && key !== "toJSON" && key !== "then") read.add(key);
      },
    },
  );
  for (const step of ["validateInput", "applyAccountConfig"]) {
    try {
      plugin.setup?.[step]?.({ cfg: loadConfig(), accountId: "default", input });
    } catch {
      // A missing value is refused; what was read before counts.
    }
  }
  return read;
}

function parse(plugin, typed) {
  const parsed = plugin.setupContract?.parseInput?.(typed);
  if (parsed?.ok === false) throw new Error(parsed.error);
  return parsed ? parsed.value : typed;
}

/** Writes settings where the account has them: in the section itself, or below `accounts`. */
function withSettings(cfg, plugin, accountId, settings, schema) {
  const channels = (cfg.channels ??= {});
  const section = (channels[plugin.id] ??= {});
  const own = section.accounts?.[accountId] ?? (accountId === "default" ? section : undefined);
  const target = own ?? ((section.accounts ??= {})[accountId] = {});
  for (const [key, text] of settings) target[key] = valueOf(text, schema[key], key);
  target.enabled = true;
  return cfg;
}

/** The value that `text` is for a setting of this type. */
function valueOf(text, property, key) {
  switch (typeOf(property)) {
    case "boolean":
      if (text === "true" || text === "false") return text === "true";
      throw new Error(`${key} must be true or false`);
    case "number":
    case "integer": {
      const number = Number(text);
      if (text.trim() === "" || Number.isNaN(number)) throw new Error(`${key} must be a number`);
      return number;
    }
    case "array":
      return text
        .split(",")
        .map((one) => one.trim())
        .filter(Boolean);
    default:
      return text;
  }
}

function typeOf(property) {
  const type = property?.type ?? property?.anyOf?.map((one) => one.type).find(Boolean);
  return Array.isArray(type) ? type[0] : (type ?? "string");
}

function properties(plugin, schema) {
  return schema?.properties ?? plugin.configSchema?.schema?.properties ?? {};
}

/** Has the plugin's own schema look at the section. */
function check(plugin, cfg) {
  const parsed = plugin.configSchema?.runtime?.safeParse?.(cfg.channels?.[plugin.id]);
  if (parsed?.success !== false) return;
  const issue = parsed.error?.issues?.[0];
  const where = ["channels", plugin.id, ...(issue?.path ?? [])].join(".");
  throw new Error(`${where}: ${issue?.message ?? "not valid"}`);
}
