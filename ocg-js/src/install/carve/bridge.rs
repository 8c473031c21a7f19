//! The module that stands in for a chunk of which the plugin uses some names.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::CarveError;
use super::release::{Definition, Release, relative};
use super::sdk_names::SdkNames;

/// Where a name of a chunk comes from instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Source {
    /// An export of another module.
    Export { specifier: String, name: String },
    /// Another module as a whole.
    Namespace { specifier: String },
    /// Nowhere: calling it fails.
    Missing { what: String },
}

/// Finds the sources of names.
pub(super) struct Sources<'a> {
    pub(super) release: &'a Release,
    pub(super) sdk: SdkNames,
    /// Whether a file of the bundle is copied as it is.
    pub(super) own: &'a dyn Fn(&str) -> Result<bool, CarveError>,
}

/// A source, and the copied file that it needs.
pub(super) type Found = (Source, Option<String>);

impl Sources<'_> {
    /// Where `file`'s export `alias` comes from, seen from `file`.
    pub(super) fn find(&self, file: &str, alias: &str) -> Result<Found, CarveError> {
        let definition = self.release.definition(file, alias)?;
        if let Some(public) = self.sdk.of(&definition) {
            let specifier = format!("openclaw/plugin-sdk/{}", public.subpath);
            return Ok((Source::Export { specifier, name: public.name.clone() }, None));
        }
        Ok(match definition {
            Definition::Local { file: home, name } if (self.own)(&home)? => {
                let chunk = self.release.chunk(&home)?;
                let same = super::chunk::Binding::Local(name);
                let exported = chunk.exports.iter().find(|(_, binding)| **binding == same);
                let name = exported.map_or(alias, |(name, _)| name).to_owned();
                let specifier = relative(file, &home);
                (Source::Export { specifier, name }, Some(home))
            }
            Definition::Local { file: home, name } => {
                let chunk = self.release.chunk(&home)?;
                match chunk.origin(&name).map(|origin| (package_of(origin), origin)) {
                    Some((Some(package), _)) => {
                        let name = name.trim_start_matches('_').to_owned();
                        (Source::Export { specifier: package.to_owned(), name }, None)
                    }
                    origin => {
                        let origin = origin.map_or("unknown source", |(_, origin)| origin);
                        let what = format!("{home}#{alias} ({name} of {origin})");
                        (Source::Missing { what }, None)
                    }
                }
            }
            Definition::Package { specifier, name } if name == "*" => {
                (Source::Namespace { specifier }, None)
            }
            Definition::Package { specifier, name } => (Source::Export { specifier, name }, None),
            Definition::Module { file: home } if (self.own)(&home)? => {
                (Source::Namespace { specifier: relative(file, &home) }, Some(home))
            }
            Definition::Module { file: home } => {
                (Source::Missing { what: format!("{file}#{alias} (all of {home})") }, None)
            }
        })
    }
}

/// The npm package that a source file of the bundle belongs to.
fn package_of(origin: &str) -> Option<&str> {
    let (_, inside) = origin.rsplit_once("node_modules/")?;
    let slashes = if inside.starts_with('@') { 2 } else { 1 };
    let end = inside.match_indices('/').nth(slashes - 1)?.0;
    Some(&inside[..end])
}

/// The text of a bridge: `names` with where each comes from, and modules that must run too.
pub(super) fn text(names: &[(String, Source)], also: &BTreeSet<String>) -> String {
    let mut text = String::from("// Made by ocg in the place of a part of OpenClaw.\n");
    for specifier in also {
        let _ = writeln!(text, "import {};", quoted(specifier));
    }
    for (alias, source) in names {
        let _ = match source {
            Source::Export { specifier, name } => {
                let (name, alias) = (exported(name), exported(alias));
                writeln!(text, "export {{ {name} as {alias} }} from {};", quoted(specifier))
            }
            Source::Namespace { specifier } => {
                writeln!(text, "export * as {} from {};", exported(alias), quoted(specifier))
            }
            Source::Missing { what } => {
                let message = quoted(&format!("OcgSdkNotImplemented: {what}"));
                writeln!(
                    text,
                    "const missing_{alias} = () => {{ throw new Error({message}); }};\n\
                     export {{ missing_{alias} as {alias} }};"
                )
            }
        };
    }
    if names.is_empty() {
        text += "export {};\n";
    }
    text
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A name in an export list; names that are no identifiers are quoted.
fn exported(name: &str) -> String {
    let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '$'));
    if plain && !name.starts_with(|c: char| c.is_ascii_digit()) {
        name.to_owned()
    } else {
        quoted(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bridge_names_its_sources() {
        let export = |specifier: &str, name: &str| Source::Export {
            specifier: specifier.into(),
            name: name.into(),
        };
        let names = [
            ("l".to_owned(), export("openclaw/plugin-sdk/account-id", "normalizeAccountId")),
            ("n".to_owned(), Source::Namespace { specifier: "./own-1.mjs".into() }),
            ("t".to_owned(), Source::Missing { what: "a.mjs#t".into() }),
        ];
        insta::assert_snapshot!(text(&names, &BTreeSet::from(["./run.mjs".into()])), @r#"
        // Made by ocg in the place of a part of OpenClaw.
        import "./run.mjs";
        export { normalizeAccountId as l } from "openclaw/plugin-sdk/account-id";
        export * as n from "./own-1.mjs";
        const missing_t = () => { throw new Error("OcgSdkNotImplemented: a.mjs#t"); };
        export { missing_t as t };
        "#);
        assert!(text(&[], &BTreeSet::new()).ends_with("export {};\n"));
    }

    #[test]
    fn a_bundled_source_knows_its_package() {
        let pnpm = "node_modules/.pnpm/zod@4.6.5/node_modules/zod/v4/classic/schemas.js";
        assert_eq!(package_of(pnpm), Some("zod"));
        assert_eq!(
            package_of("node_modules/@grammyjs/runner/out/mod.js"),
            Some("@grammyjs/runner")
        );
        assert_eq!(package_of("src/infra/errors.ts"), None);
    }
}
