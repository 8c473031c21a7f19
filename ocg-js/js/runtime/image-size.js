/** How large a picture is, read out of its first bytes. */

/**
 * @param {Uint8Array} bytes
 * @returns {Promise<{ width: number, height: number } | null>}
 */
export async function getImageMetadata(bytes) {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    return png(view) ?? gif(view) ?? webp(view) ?? jpeg(view);
  } catch (error) {
    // The file ends before its size is told.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function png(view) {
  if (view.readUInt32BE(0) !== 0x89504e47) return null;
  return { width: view.readUInt32BE(16), height: view.readUInt32BE(20) };
}

function gif(view) {
  if (view.toString("latin1", 0, 4) !== "GIF8") return null;
  return { width: view.readUInt16LE(6), height: view.readUInt16LE(8) };
}

function webp(view) {
  if (view.toString("latin1", 0, 4) !== "RIFF" || view.toString("latin1", 8, 12) !== "WEBP") {
    return null;
  }
  switch (view.toString("latin1", 12, 16)) {
    case "VP8 ":
      return { width: view.readUInt16LE(26) & 0x3fff, height: view.readUInt16LE(28) & 0x3fff };
    case "VP8L": {
      const bits = view.readUInt32LE(21);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    default:
      return { width: view.readUIntLE(24, 3) + 1, height: view.readUIntLE(27, 3) + 1 };
  }
}

/** Frame headers of JPEG; the others between 0xc0 and 0xcf are tables. */
const isFrame = (marker) =>
  marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

function jpeg(view) {
  if (view.readUInt16BE(0) !== 0xffd8) return null;
  let at = 2;
  while (view[at] === 0xff) {
    const marker = view[at + 1];
    if (marker === 0xff) at += 1;
    else if (isFrame(marker)) {
      return { width: view.readUInt16BE(at + 7), height: view.readUInt16BE(at + 5) };
    } else at += 2 + view.readUInt16BE(at + 2);
  }
  return null;
}
