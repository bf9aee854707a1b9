//! One request at a time writes an upload. A new one takes its turn from the old: a phone that has
//! changed its access point resumes while its old connection still hangs.

use std::sync::Arc;

use base::id::UploadId;
use tokio::sync::{Mutex, OwnedMutexGuard};
use tokio_util::sync::CancellationToken;

use super::Files;

/// Who has an upload's turn.
pub(super) struct Holder {
    taken: CancellationToken,
    writing: Arc<Mutex<()>>,
}

/// The right to write an upload, until another takes it.
pub(crate) struct Turn {
    upload: UploadId,
    files: Files,
    taken: CancellationToken,
    _writing: OwnedMutexGuard<()>,
}

impl Files {
    /// Takes the turn, and waits until whoever had it has put down what it held.
    pub(crate) async fn turn(&self, upload: UploadId) -> Turn {
        let taken = CancellationToken::new();
        let writing = {
            let mut turns = self.turns();
            let before = turns.remove(&upload);
            let writing = before.map_or_else(Arc::default, |before| {
                before.taken.cancel();
                before.writing
            });
            turns.insert(upload, Holder { taken: taken.clone(), writing: Arc::clone(&writing) });
            writing
        };
        Turn { upload, files: self.clone(), taken, _writing: writing.lock_owned().await }
    }
}

impl Turn {
    /// Ends when another has taken the turn.
    pub(crate) async fn taken(&self) {
        self.taken.cancelled().await;
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        // Whoever has taken it keeps its own entry.
        if !self.taken.is_cancelled() {
            self.files.turns().remove(&self.upload);
        }
    }
}
