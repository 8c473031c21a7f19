/** Devices of an agent engine. (inert) */
export async function issueDeviceBootstrapToken() {
  throw new Error("OCG has no devices to pair");
}
