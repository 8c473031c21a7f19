//! Fake platforms, fake agents and the end-to-end tests.
