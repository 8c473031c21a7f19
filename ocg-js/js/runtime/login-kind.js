/**
 * How a channel plugin logs in (plugin contract §4.5): at a terminal of its own, by QR code, with a
 * setup wizard, or not at all.
 *
 * @param {object} plugin
 * @returns {"terminal" | "qr" | "wizard" | null}
 */
export function loginKind(plugin) {
  if (plugin.auth?.login) return "terminal";
  if (plugin.gateway?.loginWithQrStart) return "qr";
  return plugin.setupWizard ? "wizard" : null;
}
