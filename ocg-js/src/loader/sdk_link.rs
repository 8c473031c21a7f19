//! Links plugins to SDK modules that lack some of the names they import.
//!
//! A plugin built for another SDK generation must still link (plugin contract §0): names that no
//! shim exports are made up per importer and throw only when they are used.

use super::embedded;
use super::imports::ImportRecord;

/// Where the SDK's modules are.
pub(crate) const SDK: &str = "openclaw/plugin-sdk/";
/// Specifiers of modules that add missing names to a shim.
pub(crate) const FACADE: &str = "ocg:sdk-facade/";

/// The specifier that an import of an SDK module links to: the shim, or a facade of it.
pub(crate) fn link(specifier: &str, import: Option<&ImportRecord>) -> Option<String> {
    let subpath = specifier.strip_prefix(SDK)?;
    let shim = embedded::source(specifier);
    let exported = shim.map(exports).unwrap_or_default();
    let missing: Vec<&str> =
        import.map(|import| import.names.iter().map(String::as_str).collect()).unwrap_or_default();
    let missing: Vec<&str> =
        missing.into_iter().filter(|name| !exported.iter().any(|known| known == name)).collect();
    if shim.is_some() && missing.is_empty() {
        return Some(specifier.to_owned());
    }
    Some(format!("{FACADE}{subpath}?names={}", missing.join(",")))
}

/// The source of a facade.
pub(crate) fn facade(specifier: &str) -> Option<String> {
    let (subpath, names) = specifier.strip_prefix(FACADE)?.split_once("?names=")?;
    let shim = format!("{SDK}{subpath}");
    let mut source = String::from("import { missing } from \"ocg:web/sdk-missing\";\n");
    if embedded::source(&shim).is_some() {
        source.push_str(&format!("export * from {shim:?};\n"));
    }
    for (index, name) in names.split(',').filter(|name| !name.is_empty()).enumerate() {
        source.push_str(&format!(
            "const m{index} = missing({subpath:?}, {name:?});\nexport {{ m{index} as {name:?} }};\n"
        ));
    }
    Some(source)
}

/// Names that an embedded module exports, those it re-exports with `*` included.
fn exports(source: &'static str) -> Vec<String> {
    super::imports::exports(source, &|specifier| embedded::source(specifier))
}
