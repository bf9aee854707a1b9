//! Writes an archive from its beginning to its end, to where nothing can be taken back.

use std::io::{self, Read, Write};

use base::clock::Timestamp;
use base::limits::ARCHIVE_CHUNK_BYTES;
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, DateTime, ZipWriter};

/// From this size on a file needs the long form of its sizes, which old programs do not know.
const LONG_BYTES: u64 = 0xFFFF_0000;

/// An archive while it is written.
pub(crate) struct Writer<W: Write> {
    zip: ZipWriter<StreamWriter<Patient<W>>>,
    at: DateTime,
}

impl<W: Write> Writer<W> {
    /// An empty one, whose files are of the moment `at`.
    pub(crate) fn new(to: W, at: Timestamp) -> Self {
        Self { zip: ZipWriter::new_stream(Patient { to, broken: false }), at: date(at) }
    }

    /// Adds a file of about `size_bytes` bytes, as many as `from` has; how many they were.
    pub(crate) fn add(&mut self, name: &str, size_bytes: u64, from: &mut impl Read) -> io::Result<u64> {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Stored)
            .last_modified_time(self.at)
            .unix_permissions(0o600)
            .large_file(size_bytes >= LONG_BYTES);
        self.zip.start_file(name, options)?;
        let mut chunk = vec![0; ARCHIVE_CHUNK_BYTES];
        let mut written = 0;
        loop {
            let read = from.read(&mut chunk)?;
            if read == 0 {
                return Ok(written);
            }
            self.zip.write_all(&chunk[..read])?;
            written += read as u64;
        }
    }

    /// Adds a small file.
    pub(crate) fn add_bytes(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.add(name, bytes.len() as u64, &mut &*bytes).map(drop)
    }

    /// Writes the list of all files, without which it is no archive, and hands back what it was
    /// written to.
    pub(crate) fn finish(self) -> io::Result<W> {
        let patient = self.zip.finish()?.into_inner();
        if patient.broken { Err(io::ErrorKind::BrokenPipe.into()) } else { Ok(patient.to) }
    }
}

/// After an error it takes everything and keeps nothing: the library ends an archive that is dropped,
/// and would tell the journal that it could not.
struct Patient<W> {
    to: W,
    broken: bool,
}

impl<W: Write> Write for Patient<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.broken {
            return Ok(bytes.len());
        }
        self.to.write(bytes).inspect_err(|_| self.broken = true)
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.broken { Ok(()) } else { self.to.flush() }
    }
}

/// In UTC, as an archive has no time zone; the first moment that one can name for a clock before it.
fn date(at: Timestamp) -> DateTime {
    let civil =
        jiff::Timestamp::from_millisecond(at.0).map(|at| at.to_zoned_datetime(jiff::tz::TimeZone::UTC));
    let date = civil.ok().and_then(|civil| {
        let part = |number: i8| u8::try_from(number).ok();
        let year = u16::try_from(civil.year()).ok()?;
        let (month, day) = (part(civil.month())?, part(civil.day())?);
        let (hour, minute, second) = (part(civil.hour())?, part(civil.minute())?, part(civil.second())?);
        DateTime::from_date_and_time(year, month, day, hour, minute, second).ok()
    });
    date.unwrap_or_default()
}
