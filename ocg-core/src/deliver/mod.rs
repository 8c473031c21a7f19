//! Cutting replies into messages.
