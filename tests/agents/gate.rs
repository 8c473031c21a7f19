//! A door that tests open.

use crate::Watched;

/// Holds back an answer until the test lets it go; clones are the same gate.
#[derive(Debug, Clone, Default)]
pub struct Gate(Watched<bool>);

impl Gate {
    /// A closed gate.
    pub fn closed() -> Self {
        Self::default()
    }

    /// Lets everything through from now on.
    pub fn open(&self) {
        self.0.change(|open| *open = true);
    }

    /// Waits until it is open.
    pub async fn passed(&self) {
        self.0.when(|open| open.then_some(())).await;
    }
}
