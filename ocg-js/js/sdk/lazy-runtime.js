/** Modules that are loaded when they are first needed. */

/**
 * A function that imports a module once. A failed import is tried again.
 *
 * @template T
 * @param {() => Promise<T>} importer
 */
export function createLazyRuntimeModule(importer) {
  let loading;
  return () => {
    loading ??= importer().catch((error) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
}
