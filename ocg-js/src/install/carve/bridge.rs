//! The module that stands in for a chunk of which the plugin uses some names.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::CarveError;
use super::chunk::Binding;
use super::portable::Portable;
use super::release::{Definition, Release, relative};
use super::sdk_names::{SdkName, SdkNames};

/// Where a name of a chunk comes from instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Source {
    /// An export of another module.
    Export { specifier: String, name: String },
    /// Another module as a whole.
    Namespace { specifier: String },
    /// OpenClaw's own code, which is portable and kept in the bridge itself.
    Kept { local: String },
    /// Nowhere: calling it fails.
    Missing { what: String },
}

/// Finds the sources of names.
pub(super) struct Sources<'a> {
    pub(super) release: &'a Release,
    pub(super) sdk: &'a SdkNames,
    /// Whether a file of the bundle is copied as it is.
    pub(super) own: &'a dyn Fn(&str) -> Result<bool, CarveError>,
    pub(super) portable: &'a Portable<'a>,
}

/// A source, and the other file of the bundle that it needs, with the name it takes from it.
pub(super) type Found = (Source, Option<(String, String)>);

impl Sources<'_> {
    /// Where `file`'s export `alias` comes from, seen from `file`.
    pub(super) fn find(&self, file: &str, alias: &str) -> Result<Found, CarveError> {
        let definition = self.release.definition(file, alias)?;
        let shim = |public: &SdkName| {
            let specifier = format!("openclaw/plugin-sdk/{}", public.subpath);
            (Source::Export { specifier, name: public.name.clone() }, None)
        };
        if let Some(public) = self.sdk.shimmed(self.release, &definition)? {
            return Ok(shim(&public));
        }
        if let Definition::Local { file: home, name } = &definition {
            let own = (self.own)(home)?;
            if own || (self.kept(home, name)? && self.portable.is(home, name)?) {
                return if !own && home == file {
                    Ok((Source::Kept { local: name.clone() }, None))
                } else {
                    self.taken_from(file, home, name, alias)
                };
            }
        }
        if let Some(public) = self.sdk.any(&definition) {
            return Ok(shim(public));
        }
        Ok(match definition {
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
                let whole = Some((home.clone(), "*".to_owned()));
                (Source::Namespace { specifier: relative(file, &home) }, whole)
            }
            Definition::Module { file: home } => {
                (Source::Missing { what: format!("{file}#{alias} (all of {home})") }, None)
            }
        })
    }

    /// Whether code is kept rather than taken from a package that the plugin has.
    fn kept(&self, home: &str, name: &str) -> Result<bool, CarveError> {
        let chunk = self.release.chunk(home)?;
        let package = chunk.origin(name).and_then(package_of);
        Ok(package.is_none_or(|package| !self.portable.packages.contains(package)))
    }

    /// `name` as the file that declares it exports it.
    fn taken_from(
        &self,
        file: &str,
        home: &str,
        name: &str,
        alias: &str,
    ) -> Result<Found, CarveError> {
        let chunk = self.release.chunk(home)?;
        let same = Binding::Local(name.to_owned());
        let exported = chunk.exports.iter().find(|(_, binding)| **binding == same);
        let name = exported.map_or(alias, |(name, _)| name).to_owned();
        let specifier = relative(file, home);
        Ok((Source::Export { specifier, name: name.clone() }, Some((home.to_owned(), name))))
    }
}

/// The npm package that a source file of the bundle belongs to.
pub(super) fn package_of(origin: &str) -> Option<&str> {
    let (_, inside) = origin.rsplit_once("node_modules/")?;
    let slashes = if inside.starts_with('@') { 2 } else { 1 };
    let end = inside.match_indices('/').nth(slashes - 1)?.0;
    Some(&inside[..end])
}

/// What a bridge is made of.
#[derive(Debug, Default)]
pub(super) struct Bridge {
    /// Names with where each comes from.
    pub(super) names: Vec<(String, Source)>,
    /// Modules that must run, too.
    pub(super) also: BTreeSet<String>,
    /// Import statements that the kept code needs.
    pub(super) imports: Vec<String>,
    /// Code of OpenClaw's own, as it was.
    pub(super) kept: Vec<String>,
}

/// An import statement for `local`, as the bundle has it.
pub(super) fn import(local: &str, binding: &Binding) -> String {
    match binding {
        Binding::Export { from, name } => {
            format!("import {{ {} as {local} }} from {};", exported(name), quoted(from))
        }
        Binding::Namespace { from } => format!("import * as {local} from {};", quoted(from)),
        Binding::Local(_) => String::new(),
    }
}

/// The text of a bridge.
pub(super) fn text(bridge: &Bridge) -> String {
    let Bridge { names, also, imports, kept } = bridge;
    let mut text = String::from("// Made by ocg in the place of a part of OpenClaw.\n");
    for specifier in also {
        let _ = writeln!(text, "import {};", quoted(specifier));
    }
    for line in imports.iter().chain(kept) {
        text += line;
        text.push('\n');
    }
    for (alias, source) in names {
        let _ = match source {
            Source::Kept { local } => {
                writeln!(text, "export {{ {local} as {} }};", exported(alias))
            }
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
        let names = vec![
            ("k".to_owned(), Source::Kept { local: "keep".into() }),
            ("l".to_owned(), export("openclaw/plugin-sdk/account-id", "normalizeAccountId")),
            ("n".to_owned(), Source::Namespace { specifier: "./own-1.mjs".into() }),
            ("t".to_owned(), Source::Missing { what: "a.mjs#t".into() }),
        ];
        let from = Binding::Export { from: "./b.mjs".into(), name: "t".into() };
        let bridge = Bridge {
            names,
            also: BTreeSet::from(["./run.mjs".into()]),
            imports: vec![import("helper", &from)],
            kept: vec!["const keep = () => helper();".into()],
        };
        insta::assert_snapshot!(text(&bridge), @r#"
        // Made by ocg in the place of a part of OpenClaw.
        import "./run.mjs";
        import { t as helper } from "./b.mjs";
        const keep = () => helper();
        export { keep as k };
        export { normalizeAccountId as l } from "openclaw/plugin-sdk/account-id";
        export * as n from "./own-1.mjs";
        const missing_t = () => { throw new Error("OcgSdkNotImplemented: a.mjs#t"); };
        export { missing_t as t };
        "#);
        assert!(text(&Bridge::default()).ends_with("export {};\n"));
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
