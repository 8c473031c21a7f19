//! Short, old and mistaken names of plugins.

/// Names people type, and the package they mean.
struct Alias {
    names: &'static [&'static str],
    package: &'static str,
    /// Why the name does not lead to the package it seems to name.
    reason: Option<&'static str>,
}

const ALIASES: &[Alias] = &[
    Alias {
        names: &["weixin", "wechat", "openclaw-weixin"],
        package: "@tencent-weixin/openclaw-weixin",
        reason: None,
    },
    Alias { names: &["qqbot", "qq"], package: "@openclaw/qqbot", reason: None },
    Alias { names: &["discord"], package: "@openclaw/discord", reason: None },
    Alias { names: &["telegram"], package: "@openclaw/telegram", reason: None },
    Alias { names: &["dingtalk"], package: "@soimy/dingtalk", reason: None },
    Alias {
        names: &["dingtalk-connector", "@dingtalk-real-ai/dingtalk-connector"],
        package: "@soimy/dingtalk",
        reason: Some("is no longer in the registry"),
    },
];

/// Plugins that are a part of the `openclaw` package, by the names they have there.
pub(super) const BUNDLED: [&str; 1] = ["@openclaw/telegram"];

/// What a name stands for.
pub(super) struct Meaning {
    pub(super) package: &'static str,
    pub(super) reason: Option<&'static str>,
}

/// The package that `name` stands for, unless it stands for itself.
pub(super) fn meaning(name: &str) -> Option<Meaning> {
    let alias = ALIASES.iter().find(|alias| alias.names.contains(&name))?;
    Some(Meaning { package: alias.package, reason: alias.reason })
}

/// `name` itself or the package it stands for.
pub(super) fn package_of(name: &str) -> &str {
    meaning(name).map_or(name, |meaning| meaning.package)
}

/// The package that is known to offer a channel, by the channel's id or a short name of it.
pub fn known_package(channel: &str) -> Option<&'static str> {
    meaning(channel).map(|meaning| meaning.package)
}

/// A known name that looks like `name`.
pub(super) fn near(name: &str) -> Option<&'static str> {
    let known = ALIASES
        .iter()
        .filter(|alias| alias.reason.is_none())
        .flat_map(|alias| alias.names.iter().copied().chain([alias.package]));
    closest(name, known)
}

/// The candidate that looks most like `name`, if any looks alike at all.
pub(super) fn closest<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    const ALIKE: f64 = 0.88;
    candidates
        .into_iter()
        .filter(|candidate| *candidate != name)
        .map(|candidate| (strsim::jaro_winkler(name, candidate), candidate))
        .filter(|(score, _)| *score >= ALIKE)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_names_lead_to_packages() {
        assert_eq!(package_of("weixin"), "@tencent-weixin/openclaw-weixin");
        assert_eq!(package_of("@openclaw/qqbot"), "@openclaw/qqbot");
        assert!(meaning("dingtalk-connector").is_some_and(|m| m.reason.is_some()));
    }

    #[test]
    fn misspelled_names_are_recognised() {
        assert_eq!(near("weixn"), Some("weixin"));
        assert_eq!(near("@openclaw/qqbt"), Some("@openclaw/qqbot"));
        assert_eq!(near("left-pad"), None);
    }
}
