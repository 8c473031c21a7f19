//! What a setup wizard asks, as text on a terminal, and what the typed line means.
//!
//! Questions are plain lines: they work over any terminal, through pipes and in scripts.

use std::fmt::Write;

use serde::Deserialize;
use serde_json::{Value, json};

/// A question of a plugin's wizard.
#[derive(Debug, Deserialize)]
pub(super) struct Question {
    message: String,
    /// Shown where nothing is typed: an example, or what an empty line stands for.
    hint: Option<String>,
    /// What is typed is a secret.
    #[serde(default)]
    pub(super) sensitive: bool,
    /// What went wrong with the last answer.
    complaint: Option<String>,
    #[serde(flatten)]
    kind: Kind,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Kind {
    Text,
    Confirm { initial: bool },
    Select { options: Vec<Choice>, initial: Option<usize> },
    MultiSelect { options: Vec<Choice>, initial: Vec<usize> },
}

#[derive(Debug, Deserialize)]
struct Choice {
    label: String,
    hint: Option<String>,
}

impl Question {
    /// The question as it is printed; the answer is typed behind it.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        if let Some(complaint) = &self.complaint {
            text += &format!("{complaint}\n");
        }
        text += &self.message;
        let example = self.hint.as_ref().map(|hint| format!(" [{hint}]")).unwrap_or_default();
        match &self.kind {
            Kind::Text => text += &format!("{example}: "),
            Kind::Confirm { initial } => text += if *initial { " [Y/n]: " } else { " [y/N]: " },
            Kind::Select { options, initial } => {
                let preset = initial.map(|at| format!(" [{}]", at + 1)).unwrap_or_default();
                text += &format!("\n{}1-{}{preset}: ", list(options), options.len());
            }
            Kind::MultiSelect { options, initial } => {
                let preset: Vec<String> = initial.iter().map(|at| (at + 1).to_string()).collect();
                let preset = if preset.is_empty() { "none".into() } else { preset.join(",") };
                text += &format!(
                    "\n{}1-{}, several with commas [{preset}]: ",
                    list(options),
                    options.len()
                );
            }
        }
        text
    }

    /// What `line` answers: text, a boolean, or places in the list of options.
    ///
    /// # Errors
    /// With what to type instead.
    pub(super) fn read(&self, line: &str) -> Result<Value, String> {
        let line = line.trim();
        match &self.kind {
            Kind::Text => Ok(json!(line)),
            Kind::Confirm { initial } => match line.to_lowercase().as_str() {
                "" => Ok(json!(initial)),
                "y" | "yes" | "是" => Ok(json!(true)),
                "n" | "no" | "否" => Ok(json!(false)),
                _ => Err("Please type y or n.".into()),
            },
            Kind::Select { options, initial } => match initial {
                Some(initial) if line.is_empty() => Ok(json!(initial)),
                _ => place(options, line).map(|at| json!(at)),
            },
            Kind::MultiSelect { initial, .. } if line.is_empty() => Ok(json!(initial)),
            Kind::MultiSelect { .. } if line == "none" => Ok(json!([])),
            Kind::MultiSelect { options, .. } => {
                let places = line.split([',', '，']).map(|one| place(options, one.trim()));
                Ok(json!(places.collect::<Result<Vec<usize>, String>>()?))
            }
        }
    }
}

fn list(options: &[Choice]) -> String {
    let mut text = String::new();
    for (at, Choice { label, hint }) in options.iter().enumerate() {
        let hint = hint.as_ref().map(|hint| format!(" - {hint}")).unwrap_or_default();
        let _ = writeln!(text, "  {}) {label}{hint}", at + 1);
    }
    text
}

/// The option that `typed` names, by its number or its label.
fn place(options: &[Choice], typed: &str) -> Result<usize, String> {
    let number = typed.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    number
        .filter(|at| *at < options.len())
        .or_else(|| options.iter().position(|option| option.label.eq_ignore_ascii_case(typed)))
        .ok_or_else(|| format!("Please type a number from 1 to {}.", options.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(json: Value) -> Question {
        serde_json::from_value(json).unwrap()
    }

    fn select() -> Question {
        let options =
            json!([{ "label": "Scan", "hint": "with QQ" }, { "label": "Type", "hint": null }]);
        question(json!({ "kind": "select", "message": "How?", "options": options, "initial": 1 }))
    }

    #[test]
    fn options_are_numbered() {
        insta::assert_snapshot!(select().text(), @r"
        How?
          1) Scan - with QQ
          2) Type
        1-2 [2]:
        ");
    }

    #[test]
    fn an_option_is_chosen_by_number_label_or_default() {
        let answer = |line| select().read(line);
        assert_eq!(answer("1\n"), Ok(json!(0)));
        assert_eq!(answer("scan"), Ok(json!(0)));
        assert_eq!(answer(""), Ok(json!(1)));
        for wrong in ["0", "3", "-1", "99999999999999999999", "other"] {
            assert_eq!(answer(wrong), Err("Please type a number from 1 to 2.".into()), "{wrong}");
        }
    }

    #[test]
    fn several_options_are_separated_by_commas() {
        let options = json!([{ "label": "a" }, { "label": "b" }, { "label": "c" }]);
        let several = json!({ "kind": "multiselect", "message": "Which?", "options": options, "initial": [1] });
        let several = question(several);
        assert!(several.text().ends_with("1-3, several with commas [2]: "));
        assert_eq!(several.read("1, 3"), Ok(json!([0, 2])));
        assert_eq!(several.read(""), Ok(json!([1])));
        assert_eq!(several.read("none"), Ok(json!([])));
        assert!(several.read("1,7").is_err());
    }

    #[test]
    fn a_confirmation_has_a_default() {
        for initial in [true, false] {
            let sure =
                question(json!({ "kind": "confirm", "message": "Sure?", "initial": initial }));
            assert_eq!(sure.read(""), Ok(json!(initial)));
            assert_eq!(sure.read("YES"), Ok(json!(true)));
            assert_eq!(sure.read("n"), Ok(json!(false)));
            assert!(sure.read("perhaps").is_err());
        }
    }

    #[test]
    fn a_complaint_comes_first() {
        let again =
            json!({ "kind": "text", "message": "AppID", "hint": "102", "complaint": "Required" });
        assert_eq!(question(again).text(), "Required\nAppID [102]: ");
    }
}
