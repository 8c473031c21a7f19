//! The table and the JSON.

use comfy_table::{CellAlignment, Table, presets};
use serde_json::{Map, Value, json};

use crate::machine;
use crate::series::{METRICS, Series};

/// Results of one gateway.
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) command: String,
    pub(crate) series: Series,
}

/// Results of all.
pub(crate) struct Report {
    pub(crate) columns: Vec<Column>,
    pub(crate) runs: usize,
    /// What was done, in a few words.
    pub(crate) about: String,
}

impl Report {
    /// For people: medians over the runs.
    pub(crate) fn table(&self) -> String {
        let mut table = Table::new();
        table.load_preset(presets::ASCII_MARKDOWN);
        let mut header = vec!["median".to_owned(), String::new()];
        header.extend(self.columns.iter().map(|column| column.name.clone()));
        table.set_header(header);
        for (key, label, unit, digits) in METRICS {
            if self.columns.iter().all(|column| column.series.median(key).is_none()) {
                continue;
            }
            let mut row = vec![label.to_owned(), unit.to_owned()];
            row.extend(self.columns.iter().map(|column| {
                column
                    .series
                    .median(key)
                    .map_or("-".to_owned(), |value| format!("{value:.digits$}"))
            }));
            table.add_row(row);
        }
        for column in table.column_iter_mut().skip(2) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        format!(
            "{}\n{} runs; {}\n{}\n{table}",
            machine::describe(),
            self.runs,
            self.about,
            self.columns
                .iter()
                .map(|c| format!("{}: {}", c.name, c.command))
                .collect::<Vec<_>>()
                .join("\n"),
        )
    }

    /// For programs: medians and every sample.
    pub(crate) fn json(&self) -> Value {
        let gateways = self.columns.iter().map(|column| {
            let metrics: Map<String, Value> = METRICS
                .iter()
                .filter_map(|(key, _, unit, _)| {
                    let median = column.series.median(key)?;
                    let samples = column.series.samples(key);
                    Some((
                        (*key).to_owned(),
                        json!({"median": median, "unit": unit, "samples": samples}),
                    ))
                })
                .collect();
            json!({"name": column.name, "command": column.command, "metrics": metrics})
        });
        json!({
            "machine": machine::describe(),
            "runs": self.runs,
            "invocation": std::env::args().collect::<Vec<_>>(),
            "gateways": gateways.collect::<Vec<_>>(),
        })
    }
}
