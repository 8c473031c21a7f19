/** Files that a reply sends. */
export { loadWebMedia } from "ocg:runtime/media";
