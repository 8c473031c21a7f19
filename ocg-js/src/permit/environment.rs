use std::collections::BTreeMap;

use ocg_core::config::Grant;

/// Which environment variables a plugin sees: those that its manifest names and those granted.
#[derive(Debug, Clone, Default)]
pub struct EnvironmentPermit {
    names: Vec<String>,
}

impl EnvironmentPermit {
    /// `manifest_names` are what the plugin's manifest asks for. An entry of either list may end
    /// in `*` and then stands for every name with that beginning; a lone `*` is ignored.
    pub fn new(manifest_names: &[String], env: &Grant) -> Self {
        let names = match env {
            Grant::Nothing => Vec::new(),
            Grant::Also(granted) => manifest_names.iter().chain(granted).cloned().collect(),
        };
        Self { names }
    }

    /// Whether the plugin may see this variable.
    pub fn allows(&self, name: &str) -> bool {
        self.names.iter().any(|allowed| match allowed.strip_suffix('*') {
            Some(beginning) => !beginning.is_empty() && name.starts_with(beginning),
            None => allowed == name,
        })
    }

    /// The variables of `source` that the plugin may see.
    pub fn visible(
        &self,
        source: impl IntoIterator<Item = (String, String)>,
    ) -> BTreeMap<String, String> {
        source.into_iter().filter(|(name, _)| self.allows(name)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_named_variables_are_visible() {
        let permit = EnvironmentPermit::new(
            &["WX_TOKEN".to_owned(), "QQ_*".to_owned(), "*".to_owned()],
            &Grant::Also(vec!["HOME".to_owned()]),
        );
        let source = ["WX_TOKEN", "WX_TOKEN_2", "QQ_ID", "HOME", "OPENAI_API_KEY"]
            .map(|name| (name.to_owned(), "v".to_owned()));
        let visible: Vec<_> = permit.visible(source).into_keys().collect();
        assert_eq!(visible, ["HOME", "QQ_ID", "WX_TOKEN"]);
    }

    #[test]
    fn false_hides_even_what_the_manifest_names() {
        let permit = EnvironmentPermit::new(&["WX_TOKEN".to_owned()], &Grant::Nothing);
        assert!(!permit.allows("WX_TOKEN"));
    }
}
