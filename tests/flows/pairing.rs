//! What strangers are told under the policy `pairing`.

/// The code in `text`: eight characters of an alphabet without 0, O, 1 and I.
pub(crate) fn code(text: &str) -> &str {
    let is_code = |word: &&str| {
        word.len() == 8 && word.chars().all(|c| "ABCDEFGHJKLMNPQRSTUVWXYZ23456789".contains(c))
    };
    let mut words = text.split(|c: char| !c.is_ascii_alphanumeric());
    words.find(is_code).unwrap_or_else(|| panic!("no code in {text:?}"))
}
