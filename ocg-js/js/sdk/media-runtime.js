/** Media of messages. */
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
