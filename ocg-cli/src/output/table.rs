//! Tables for people, tab-separated lines for everything else.

use std::io::IsTerminal;

use comfy_table::{ContentArrangement, presets};

use super::{OutputError, text};

/// Columns of a terminal below which cells are not wrapped.
const NARROWEST: u16 = 40;

/// Rows under headings.
pub struct Table {
    headings: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// An empty table.
    pub fn new(headings: impl IntoIterator<Item = &'static str>) -> Self {
        Self { headings: headings.into_iter().collect(), rows: Vec::new() }
    }

    /// Appends a row.
    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// Whether it has no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Writes it to standard output.
    pub fn print(&self) -> Result<(), OutputError> {
        let terminal = std::io::stdout().is_terminal();
        text(if terminal { self.for_people() } else { self.for_pipes() })
    }

    fn for_people(&self) -> String {
        let mut table = comfy_table::Table::new();
        // Some terminals do not know their width and say 0.
        if table.width().is_some_and(|width| width >= NARROWEST) {
            table.set_content_arrangement(ContentArrangement::Dynamic);
        }
        table
            .load_preset(presets::NOTHING)
            .set_header(self.headings.iter().map(|heading| heading.to_uppercase()));
        for row in &self.rows {
            table.add_row(row);
        }
        format!("{}\n", table.trim_fmt())
    }

    /// One line per row, no headings, so that `cut` and `awk` need no options.
    fn for_pipes(&self) -> String {
        let clean = |cell: &String| cell.replace(['\t', '\n', '\r'], " ");
        let line = |row: &Vec<String>| row.iter().map(clean).collect::<Vec<_>>().join("\t") + "\n";
        self.rows.iter().map(line).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_never_breaks_a_line_of_a_pipe() {
        let mut table = Table::new(["a", "b"]);
        table.row(["one\ntwo".into(), "x\ty".into()]);
        assert_eq!(table.for_pipes(), "one two\tx y\n");
    }
}
