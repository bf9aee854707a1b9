//! What nobody needs any longer is swept away: at the start what a power cut left, later what was
//! given up.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::time::Duration;

use base::Result;
use base::id::UploadId;
use base::limits::UPLOAD_IDLE_MS;
use tokio_util::sync::CancellationToken;

use super::{Files, blocking, object};

/// How often it is done.
const EVERY: Duration = Duration::from_mins(10);

/// Sweeps until the daemon stops.
pub(crate) async fn watch(files: Files, stopping: CancellationToken) {
    loop {
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            () = stopping.cancelled() => return,
        }
        if let Err(error) = files.forget_idle().await {
            tracing::warn!(%error, "files that nobody needs could not be swept away");
        }
    }
}

impl Files {
    /// Makes the folders, and deletes what no row names.
    pub(super) async fn clean_up_at_start(&self) -> Result<()> {
        let (objects, incoming) = (self.0.folder.join("objects"), self.incoming_folder());
        let listed = {
            let (objects, incoming) = (objects.clone(), incoming.clone());
            blocking(move || {
                fs::create_dir_all(&objects)?;
                fs::create_dir_all(&incoming)?;
                // Their names are durable before anything lies in them.
                for folder in objects.ancestors().skip(1).take(2) {
                    fs::File::open(folder)?.sync_all()?;
                }
                let mut whole = Vec::new();
                for folder in list(&objects)? {
                    whole.extend(list(&folder)?);
                }
                Ok((whole, list(&incoming)?))
            })
            .await?
        };
        let mut swept = 0_usize;
        for path in listed.0 {
            let size_bytes = fs::metadata(&path).map_or(0, |metadata| metadata.len());
            match object::named(&path) {
                Some(sha256) if self.0.store.keeps_content(sha256).await? => {
                    self.0.used_bytes.fetch_add(size_bytes, Ordering::Relaxed);
                }
                _ => {
                    blocking(move || fs::remove_file(path)).await?;
                    swept += 1;
                }
            }
        }
        for path in listed.1 {
            if !self.is_open(&path).await? {
                blocking(move || fs::remove_file(path)).await?;
                swept += 1;
            }
        }
        if swept > 0 {
            tracing::info!(swept, "files without a row were swept away");
        }
        self.clean_up().await
    }

    /// Whether a file in `incoming` is that of an upload that can be resumed.
    async fn is_open(&self, path: &std::path::Path) -> Result<bool> {
        let name = path.file_name().and_then(|name| name.to_str());
        let Some(upload) = name.and_then(|name| name.parse::<UploadId>().ok()) else { return Ok(false) };
        Ok(self.0.store.upload(upload).await?.is_some_and(|upload| !upload.is_complete()))
    }

    async fn forget_idle(&self) -> Result<()> {
        let before = self.0.clock.now().plus(-UPLOAD_IDLE_MS);
        for upload in self.0.store.forget_uploads(before).await? {
            let _turn = self.turn(upload).await;
            self.give_up(upload).await?;
        }
        self.clean_up().await
    }
}

fn list(folder: &std::path::Path) -> io::Result<Vec<PathBuf>> {
    fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect()
}
