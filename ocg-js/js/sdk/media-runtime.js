/** Media of messages. */
import { tmpdir } from "node:os";
import { join } from "node:path";
import { resolveStateDir } from "ocg:runtime/state-dir";

export {
  loadWebMedia,
  readRemoteMediaBuffer,
  saveMediaBuffer,
  saveRemoteMedia,
} from "ocg:runtime/media";

/** Refused: plugins run no programs under OCG, so media is not converted. */
export async function runFfmpeg() {
  throw new Error("ffmpeg cannot be run: plugins start no programs under OCG");
}

/** Refused: plugins run no programs under OCG. */
export async function runFfprobe() {
  throw new Error("ffprobe cannot be run: plugins start no programs under OCG");
}

/** Folders that an agent's files may come from. */
export const getAgentScopedMediaLocalRoots = () => [join(resolveStateDir(), "media"), tmpdir()];

export { getImageMetadata } from "ocg:runtime/image-size";

/** What an agent engine's models would say of media: nothing. (inert) */
export const describeImageWithModel = async () => ({ text: "" });
export const resolveAutoImageModel = async () => null;
export const transcribeFirstAudio = async () => undefined;
