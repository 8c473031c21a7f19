//! Callback tokens.

use rand::TryRngCore;
use rand::rngs::OsRng;

/// 64 hexadecimal characters from the operating system's generator.
///
/// # Errors
/// The operating system has no random numbers.
pub(super) fn generate() -> Result<String, rand::rand_core::OsError> {
    let mut bytes = [0; 32];
    OsRng.try_fill_bytes(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    #[test]
    fn tokens_are_64_hexadecimal_characters_and_differ() {
        let tokens = [(); 2].map(|()| super::generate().unwrap());
        for token in &tokens {
            assert_eq!(token.len(), 64);
            assert!(token.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')));
        }
        assert_ne!(tokens[0], tokens[1]);
    }
}
