//! Cards: copies of the image, where their partitions lie, and what can be done to them without
//! mounting anything.

use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Outcome;

/// Bytes of a sector in a partition table.
const SECTOR: u64 = 512;
/// Types of the first entry that leads to logical partitions.
const EXTENDED: [u8; 2] = [0x05, 0x0f];
/// More than any card of ours has; ends a table that leads in a circle.
const MOST_PARTITIONS: usize = 16;

/// A card of one's own, as a file.
#[derive(Clone, Debug)]
pub(crate) struct Card {
    pub(crate) path: PathBuf,
}

/// Where a partition lies, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Partition {
    pub(crate) number: usize,
    pub(crate) start: u64,
    pub(crate) size: u64,
    /// Where the sector is that says so.
    pub(crate) table: u64,
}

impl Card {
    /// The image as `make bench-image` leaves it; not to be changed.
    pub(crate) fn image(root: &Path) -> Self {
        Self { path: root.join("image/out/bench/card.img") }
    }

    /// A copy of it that may be spoiled, sparse.
    pub(crate) fn copy_to(&self, path: &Path) -> Outcome<Self> {
        run(Command::new("cp").args(["--sparse=always", "--reflink=auto"]).arg(&self.path).arg(path))?;
        Ok(Self { path: path.to_owned() })
    }

    /// All partitions by their numbers, as Linux counts them.
    pub(crate) fn partitions(&self) -> Outcome<Vec<Partition>> {
        partitions(&File::open(&self.path)?)
    }

    /// The partition with this number.
    pub(crate) fn partition(&self, number: usize) -> Outcome<Partition> {
        let found = self.partitions()?.into_iter().find(|partition| partition.number == number);
        found.ok_or_else(|| format!("{} has no partition {number}", self.path.display()).into())
    }

    /// Overwrites bytes at a place of the card.
    pub(crate) fn write(&self, bytes: &[u8], offset: u64) -> Outcome<()> {
        Ok(OpenOptions::new().write(true).open(&self.path)?.write_all_at(bytes, offset)?)
    }

    /// Takes away everything from `offset` on, as a copy to the card that was broken off; what
    /// was on the card there before is zeros.
    pub(crate) fn lose_from(&self, offset: u64) -> Outcome<()> {
        let card = OpenOptions::new().write(true).open(&self.path)?;
        let size = card.metadata()?.len();
        card.set_len(offset)?;
        Ok(card.set_len(size)?)
    }

    /// Puts a text into a file of a FAT partition.
    pub(crate) fn put(&self, number: usize, name: &str, text: &str) -> Outcome<()> {
        let file = tempfile::NamedTempFile::new()?;
        fs::write(&file, text)?;
        let inside = format!("{}@@{}", self.path.display(), self.partition(number)?.start);
        // It refuses the geometry of what was never a floppy disk.
        let mut copy = Command::new("mcopy");
        copy.env("MTOOLS_SKIP_CHECK", "1");
        run(copy.args(["-o", "-i", &inside]).arg(file.path()).arg(format!("::{name}")))?;
        Ok(())
    }

    /// Lets debugfs(8) work on the file system of the data partition.
    pub(crate) fn debugfs(&self, number: usize, request: &str) -> Outcome<String> {
        let inside = format!("{}?offset={}", self.path.display(), self.partition(number)?.start);
        run(Command::new("debugfs").args(["-w", "-R", request, &inside]))
    }
}

/// The entries of the first sector and of the chain of logical partitions behind it.
fn partitions(card: &File) -> Outcome<Vec<Partition>> {
    let mut found = Vec::new();
    let mut chain = None;
    for (index, entry) in entries(card, 0)?.into_iter().enumerate() {
        if EXTENDED.contains(&entry.kind) {
            chain = Some(entry.start);
        } else if entry.kind != 0 {
            found.push(Partition { number: index + 1, start: entry.start, size: entry.size, table: 0 });
        }
    }
    let Some(first) = chain else { return Ok(found) };
    // Each logical partition has a sector of its own, with its place relative to that sector and
    // the next one's relative to the first.
    let (mut here, mut number) = (first, 5);
    while number <= MOST_PARTITIONS {
        let [partition, next, ..] = entries(card, here)?;
        if partition.kind == 0 {
            break;
        }
        found.push(Partition { number, start: here + partition.start, size: partition.size, table: here });
        if next.kind == 0 {
            break;
        }
        (here, number) = (first + next.start, number + 1);
    }
    Ok(found)
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    kind: u8,
    start: u64,
    size: u64,
}

/// The four entries of the table in the sector at `offset`.
fn entries(card: &File, offset: u64) -> Outcome<[Entry; 4]> {
    let mut sector = [0; 512];
    card.read_exact_at(&mut sector, offset)?;
    if sector[510..] != [0x55, 0xaa] {
        return Ok([Entry { kind: 0, start: 0, size: 0 }; 4]);
    }
    let sectors = |bytes: &[u8]| {
        let count: u64 = bytes.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
        count * SECTOR
    };
    Ok([0, 1, 2, 3].map(|index| {
        let entry = &sector[446 + 16 * index..462 + 16 * index];
        Entry { kind: entry[4], start: sectors(&entry[8..12]), size: sectors(&entry[12..16]) }
    }))
}

/// Runs a program to its end and returns what it printed.
pub(crate) fn run(command: &mut Command) -> Outcome<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| format!("{name} cannot be run: {error}"))?;
    if !output.status.success() {
        let told = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{name} ended with {}: {}", output.status, told.trim()).into());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(sector: &mut [u8], index: usize, kind: u8, start: u32, size: u32) {
        let entry = &mut sector[446 + 16 * index..462 + 16 * index];
        entry[4] = kind;
        entry[8..12].copy_from_slice(&start.to_le_bytes());
        entry[12..16].copy_from_slice(&size.to_le_bytes());
    }

    #[test]
    fn primary_and_logical_partitions_are_found_and_a_lost_tail_is_not() {
        let folder = tempfile::tempdir().expect("a folder");
        let image = folder.path().join("image");
        let mut bytes = vec![0; 64 * 512];
        entry(&mut bytes, 0, 0x0c, 8, 4);
        entry(&mut bytes, 3, 0x05, 16, 48);
        bytes[510..512].copy_from_slice(&[0x55, 0xaa]);
        for (at, start, next) in [(16, 2, Some(16)), (32, 4, None)] {
            let sector = &mut bytes[at * 512..(at + 1) * 512];
            entry(sector, 0, 0x83, start, 6);
            if let Some(next) = next {
                entry(sector, 1, 0x05, next, 16);
            }
            sector[510..].copy_from_slice(&[0x55, 0xaa]);
        }
        fs::write(&image, &bytes).expect("written");
        let card = Card { path: image }.copy_to(&folder.path().join("card")).expect("a card");
        let found = card.partitions().expect("a table");
        let sectors: Vec<_> =
            found.iter().map(|part| (part.number, part.start / 512, part.size / 512)).collect();
        assert_eq!(sectors, [(1, 8, 4), (5, 18, 6), (6, 36, 6)]);
        card.lose_from(20 * 512).expect("shorter");
        assert_eq!(card.partitions().expect("a table").len(), 2);
        assert_eq!(fs::metadata(&card.path).expect("there").len(), 64 * 512);
    }
}
