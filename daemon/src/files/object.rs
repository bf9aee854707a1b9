//! Where contents lie, and how one gets there so that a power cut leaves all of it or none.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use store::Sha256;

use super::Arrived;

/// Where the bytes of a content are.
pub(super) fn path(folder: &Path, sha256: Sha256) -> PathBuf {
    let name = data_encoding::HEXLOWER.encode(&sha256.0);
    // A folder for each of 256 beginnings: directories stay small enough to be listed.
    folder.join("objects").join(&name[..2]).join(&name[2..])
}

/// The content that a file in `objects` holds by its name.
pub(super) fn named(path: &Path) -> Option<Sha256> {
    let (name, parent) = (path.file_name()?.to_str()?, path.parent()?.file_name()?.to_str()?);
    let bytes = data_encoding::HEXLOWER.decode(format!("{parent}{name}").as_bytes()).ok()?;
    bytes.try_into().ok().map(Sha256)
}

/// Moves what has arrived to its place, durably; what lies there already stays. Returns what is new,
/// with its size.
pub(super) fn place(folder: &Path, arrived: &[Arrived]) -> io::Result<Vec<(Sha256, u64)>> {
    let mut placed = Vec::new();
    for one in arrived {
        let target = path(folder, one.sha256);
        if target.try_exists()? {
            one.discard();
            continue;
        }
        make_parent(&target)?;
        fs::rename(&one.path, &target)?;
        sync_parent(&target)?;
        placed.push((one.sha256, one.size_bytes));
    }
    Ok(placed)
}

/// Deletes the bytes of a content. Again is harmless.
pub(super) fn remove(folder: &Path, sha256: Sha256) -> io::Result<()> {
    match fs::remove_file(path(folder, sha256)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn make_parent(target: &Path) -> io::Result<()> {
    let Some(parent) = target.parent() else { return Ok(()) };
    if !parent.try_exists()? {
        fs::create_dir_all(parent)?;
        sync_parent(parent)?;
    }
    Ok(())
}

/// What a folder lists is durable only when the folder itself is written.
fn sync_parent(path: &Path) -> io::Result<()> {
    path.parent().map_or(Ok(()), |parent| File::open(parent)?.sync_all())
}
