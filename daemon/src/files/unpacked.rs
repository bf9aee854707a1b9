//! A file that lies on the card already, in an archive that came before: taken out of it as if it had
//! arrived over the network.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::PathBuf;

use base::Result;
use store::Sha256;

use super::incoming::{Arrived, Disk, Remains};
use super::{blocking, failed};

impl Arrived {
    /// A file that does not come over the network: `fill` writes it, at a path to take. Blocks;
    /// the errors are also those of `fill`.
    pub(crate) fn write(path: PathBuf, fill: impl FnOnce(&mut dyn io::Write) -> Result<()>) -> Result<Self> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(failed)?;
        }
        let opened = OpenOptions::new().read(true).write(true).create(true).truncate(true).open(&path);
        let mut disk = Disk::new(opened.map_err(failed)?);
        // From here on it goes, unless somebody keeps it.
        let (sha256, remains) = (Sha256([0; 32]), Remains::Nothing);
        let mut arrived = Self { sha256, size_bytes: 0, beginning: Vec::new(), path, remains };
        fill(&mut disk)?;
        arrived.size_bytes = disk.hashed;
        (arrived.sha256, arrived.beginning) = disk.digest(arrived.size_bytes).map_err(failed)?;
        Ok(arrived)
    }

    /// Opens it, to look into it.
    pub(crate) async fn open(&self) -> Result<File> {
        let path = self.path.clone();
        blocking(move || File::open(path)).await
    }
}

impl io::Write for Disk {
    fn write(&mut self, batch: &[u8]) -> io::Result<usize> {
        Self::write(self, batch)?;
        Ok(batch.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        // Nothing is gathered before it is written.
        Ok(())
    }
}
