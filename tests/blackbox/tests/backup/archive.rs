//! Archives as anybody may make them.

use std::io::{Cursor, Read as _, Write as _};
use std::path::Path;

use sha2::Digest as _;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// Files with their names, in order.
#[derive(Clone, Debug)]
pub(crate) struct Archive(pub(crate) Vec<(String, Vec<u8>)>);

impl Archive {
    /// All of it, out of an archive that must be sound.
    pub(crate) fn read(bytes: &[u8]) -> Self {
        let mut zip = ZipArchive::new(Cursor::new(bytes)).expect("an archive");
        let mut files = Vec::new();
        for index in 0..zip.len() {
            let mut file = zip.by_index(index).expect("a file");
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).expect("readable, with the right checksum");
            files.push((file.name().expect("text").into_owned(), bytes));
        }
        Self(files)
    }

    pub(crate) fn get(&self, name: &str) -> &[u8] {
        self.0.iter().find(|(known, _)| known == name).map_or(&[], |(_, bytes)| bytes)
    }

    pub(crate) fn get_mut(&mut self, name: &str) -> &mut Vec<u8> {
        let found = self.0.iter_mut().find(|(known, _)| known == name);
        &mut found.unwrap_or_else(|| panic!("no {name}")).1
    }

    pub(crate) fn manifest(&self) -> serde_json::Value {
        serde_json::from_slice(self.get("manifest.json")).expect("JSON")
    }

    /// The same with another manifest.
    pub(crate) fn with_manifest(mut self, change: impl FnOnce(&mut serde_json::Value)) -> Self {
        let mut manifest = self.manifest();
        change(&mut manifest);
        *self.get_mut("manifest.json") = serde_json::to_vec(&manifest).expect("JSON");
        self
    }

    /// The same with another database, of which its manifest knows.
    pub(crate) fn with_database(mut self, database: Vec<u8>) -> Self {
        let (size, hash) = (database.len(), hash(&database));
        *self.get_mut("kelas.sqlite") = database;
        self.with_manifest(|manifest| {
            manifest["database"] = serde_json::json!({"size_bytes": size, "sha256": hash});
        })
    }

    /// As a program of others writes it: compressed.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
        for (name, bytes) in &self.0 {
            zip.start_file(name.as_str(), options).expect("a file");
            zip.write_all(bytes).expect("written");
        }
        zip.finish().expect("an archive").into_inner()
    }

    pub(crate) fn write(&self, path: &Path) {
        std::fs::write(path, self.bytes()).expect("written");
    }
}

/// SHA-256 in hexadecimal.
pub(crate) fn hash(bytes: &[u8]) -> String {
    sha2::Sha256::digest(bytes).iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}
