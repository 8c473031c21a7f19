/** Stand-ins for SDK names that OCG does not have. */

/**
 * A function that links like the real thing and fails only when it is used.
 * @param {string} subpath the SDK subpath
 * @param {string} name the imported name
 */
export function missing(subpath, name) {
  return function () {
    const error = new Error(`${subpath}#${name}`);
    error.name = "OcgSdkNotImplemented";
    error.code = "OCG_SDK_NOT_IMPLEMENTED";
    throw error;
  };
}
