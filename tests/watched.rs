//! State that tests wait on.

use std::fmt::Debug;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

/// How long a test waits for a condition before it fails.
pub const PATIENCE: Duration = Duration::from_secs(45);

/// A value whose changes can be waited for. Cloning shares the value.
#[derive(Debug)]
pub struct Watched<T> {
    value: Arc<Mutex<T>>,
    changed: watch::Sender<()>,
}

impl<T> Clone for Watched<T> {
    fn clone(&self) -> Self {
        Self { value: self.value.clone(), changed: self.changed.clone() }
    }
}

impl<T: Default> Default for Watched<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T> Watched<T> {
    /// Watches `value`.
    pub fn new(value: T) -> Self {
        Self { value: Arc::new(Mutex::new(value)), changed: watch::channel(()).0 }
    }

    /// Looks at the value.
    pub fn read<R>(&self, look: impl FnOnce(&T) -> R) -> R {
        look(&self.value.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes the value and wakes those who wait for a change.
    pub fn change<R>(&self, change: impl FnOnce(&mut T) -> R) -> R {
        let result = change(&mut self.value.lock().unwrap_or_else(PoisonError::into_inner));
        self.changed.send_replace(());
        result
    }

    /// Waits until `look` finds something, for as long as it takes.
    pub async fn when<R>(&self, mut look: impl FnMut(&T) -> Option<R>) -> R {
        let mut changes = self.changed.subscribe();
        loop {
            changes.borrow_and_update();
            if let Some(found) = self.read(&mut look) {
                return found;
            }
            changes.changed().await.expect("the sender lives in self");
        }
    }
}

impl<T: Debug> Watched<T> {
    /// Waits until `look` finds something; fails the test after [`PATIENCE`] with `what` was
    /// awaited and the state as it was then.
    #[track_caller]
    pub fn until<R>(
        &self,
        what: impl Into<String>,
        look: impl FnMut(&T) -> Option<R>,
    ) -> impl Future<Output = R> {
        let (what, caller) = (what.into(), std::panic::Location::caller());
        async move {
            match tokio::time::timeout(PATIENCE, self.when(look)).await {
                Ok(found) => found,
                Err(_) => self.read(|state| {
                    panic!("{caller}: waited {PATIENCE:?} in vain for {what}; state: {state:#?}")
                }),
            }
        }
    }
}
