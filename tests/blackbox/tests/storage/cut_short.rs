//! Power cuts while the daemon starts for the first time.

use std::fs;
use std::path::Path;

use blackbox::{Kelasd, teacher};

use crate::room::is_sound;

#[tokio::test]
async fn a_start_that_was_cut_short_at_any_file_is_made_up_for_by_the_next() {
    let mut cuts = 0;
    for count in 1.. {
        let folder = tempfile::tempdir().expect("a folder");
        let configure = || Kelasd::configure().data(folder.path()).arguments(&["--demo"]);
        if !configure().cut_short(move |data| files(data) >= count).await {
            break;
        }
        cuts += 1;
        let kelasd = configure().start().await;
        teacher(&kelasd).await;
        assert_eq!(kelasd.client().get("/api/health").await.status, 200);
        kelasd.kill().await;
        is_sound(folder.path());
    }
    assert!(cuts > 4, "only {cuts} cuts: the lock, the database, its WAL, the keys make more");
}

/// Files and folders under `folder`.
fn files(folder: &Path) -> usize {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| 1 + files(&entry.path())).sum()
}
