//! While somebody copies all files, none of them goes.

use std::sync::atomic::Ordering;

use super::Files;

/// As long as there is one, contents that nobody holds stay. They are swept away later.
pub(crate) struct Hold(Files);

impl Files {
    /// From now on no content goes.
    pub(crate) async fn hold(&self) -> Hold {
        // Whoever deletes some now, has done so before this returns.
        let _naming = self.0.naming.lock().await;
        self.0.holds.fetch_add(1, Ordering::Relaxed);
        Hold(self.clone())
    }

    /// Whether contents must stay for now.
    pub(crate) fn is_held(&self) -> bool {
        self.0.holds.load(Ordering::Relaxed) > 0
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.0.0.holds.fetch_sub(1, Ordering::Relaxed);
    }
}
