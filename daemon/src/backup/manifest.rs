//! What a backup says of itself, and what is told of one that was looked through.

use std::collections::BTreeMap;
use std::fs;

use base::clock::Timestamp;
use serde::{Deserialize, Serialize};

use super::places::Places;

/// By which our archives are told from others.
pub(super) const KIND: &str = "kelas-backup";
/// The form of the archive. A program that knows a lower one only does not touch it.
pub(super) const FORMAT: u32 = 1;

/// The files of the archive.
pub(super) const MANIFEST: &str = "manifest.json";
pub(super) const DATABASE: &str = "kelas.sqlite";
pub(super) const KEYS: &str = "trust/";
pub(super) const FILES: &str = "files/";

/// The last file of a backup.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Manifest {
    /// [`KIND`].
    pub(super) kind: String,
    /// [`FORMAT`].
    pub(super) format: u32,
    /// Of the kelasd that made it.
    pub(super) version: String,
    /// Of its database.
    pub(super) schema: u32,
    /// When it was made, in milliseconds since 1970.
    pub(super) created_at: i64,
    /// Whose box it was.
    pub(super) school: Option<String>,
    /// The copy of the database.
    pub(super) database: Fact,
    /// Keys and certificates, by their names.
    pub(super) keys: BTreeMap<String, Fact>,
    /// Contents in it.
    pub(super) files: u64,
    /// Their bytes in sum.
    pub(super) files_bytes: u64,
    /// Contents, by their hash, that the card could not be read of any more. They are not in it.
    pub(super) lost: Vec<String>,
}

/// What a file must be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Fact {
    pub(super) size_bytes: u64,
    /// In hexadecimal.
    pub(super) sha256: String,
}

/// Of which only this is known before everything else is understood.
#[derive(Deserialize)]
pub(super) struct Claimed {
    pub(super) kind: String,
    pub(super) format: u32,
    #[serde(default)]
    pub(super) version: String,
}

/// A backup that was looked through: for whoever decides on it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Summary {
    /// Whose box it was.
    pub(crate) school: Option<String>,
    /// When it was made, in milliseconds since 1970.
    pub(crate) created_at: i64,
    /// By which version.
    pub(crate) version: String,
    /// Contents that come with it.
    pub(crate) files: u64,
    /// Contents that it names, but are nowhere any more.
    pub(crate) lost: u64,
    /// Whether it is of this very box, whose network then needs no look.
    pub(crate) own: bool,
    /// What takes the place of what is in use, by its names in the data folder.
    pub(super) names: Vec<String>,
}

impl Summary {
    /// When the backup was made.
    pub(crate) fn created_at(&self) -> Timestamp {
        Timestamp(self.created_at)
    }

    /// That of what is staged; nothing if that is nothing, or not whole.
    pub(super) fn read(places: &Places) -> Option<Self> {
        let bytes = fs::read(places.summary()).ok()?;
        serde_json::from_slice(&bytes).ok()
    }
}

/// Where a content is in the archive, and below `objects` in the data folder.
pub(super) fn object_name(hash: &str) -> String {
    format!("{FILES}{}/{}", &hash[..2], &hash[2..])
}
