use std::fmt::Write;

use super::{Entry, Kind, entries};

const INTRODUCTION: &str = "\
# What plugins find of Node

Plugins run in QuickJS, not in Node. This page lists the modules and globals of Node 24 that they
find. `ocg plugins node-api` prints the same for the version that is installed, `ocg plugins check`
compares one plugin with it. A test keeps this page true: do not edit it by hand.

- **provided**: works as in Node.
- **partial**: works, except for what is listed.
- **absent**: a module can be imported, but using it throws an error that says so; a global is not
  defined.

`Intl` speaks English (en-US, en-GB, en-CA), Swedish and Chinese; other languages get en-US, as in a
Node without their data. Time zones are all those of the IANA database.
";

/// The page docs/node-api.md, in Markdown.
pub fn document() -> String {
    let mut page = INTRODUCTION.to_owned();
    for (kind, heading) in [(Kind::Module, "Modules"), (Kind::Global, "Globals")] {
        let _ = write!(page, "\n## {heading}\n\n| name | status | missing |\n|---|---|---|\n");
        for Entry { name, status, missing, .. } in
            entries().into_iter().filter(|entry| entry.kind == kind)
        {
            let prefix = if kind == Kind::Module { "node:" } else { "" };
            let _ = writeln!(page, "| `{prefix}{name}` | {status} | {} |", missing.join(", "));
        }
    }
    page
}
