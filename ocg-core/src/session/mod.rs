//! Session keys, turn order and history.
