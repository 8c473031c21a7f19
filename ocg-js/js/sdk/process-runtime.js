/** Plugins start no programs under OCG. (inert) */
export async function runCommandWithTimeout() {
  throw new Error("plugins start no programs under OCG");
}
