//! What a file is, by how it begins and how its name ends. Both must agree, or it is only bytes to
//! download: what a browser declares is never asked.
//!
//! What browsers may show in our origin is a short list of what cannot carry a script. Everything
//! else, HTML, SVG and XML first of all, is downloaded.

/// How much of a file's beginning tells what it is: the signatures that are looked for lie within.
pub(crate) const BEGINNING_BYTES: u64 = 4 * 1024;

/// What is only downloaded.
const BYTES: &str = "application/octet-stream";

/// How a page shows a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Show {
    /// As a picture.
    Image,
    /// To be heard in the page.
    Audio,
    /// To be watched in the page.
    Video,
    /// By the browser, on a page of its own.
    Document,
    /// Not at all: it is downloaded.
    Download,
}

struct Kind {
    /// As it is served.
    media_type: &'static str,
    /// As the signature is called.
    signatures: &'static [&'static str],
    endings: &'static [&'static str],
    show: Show,
}

const KINDS: &[Kind] = &[
    Kind {
        media_type: "image/jpeg",
        signatures: &["image/jpeg"],
        endings: &["jpg", "jpeg", "jfif"],
        show: Show::Image,
    },
    Kind { media_type: "image/png", signatures: &["image/png"], endings: &["png"], show: Show::Image },
    Kind { media_type: "image/gif", signatures: &["image/gif"], endings: &["gif"], show: Show::Image },
    Kind { media_type: "image/webp", signatures: &["image/webp"], endings: &["webp"], show: Show::Image },
    Kind { media_type: "image/avif", signatures: &["image/avif"], endings: &["avif"], show: Show::Image },
    Kind { media_type: "audio/mpeg", signatures: &["audio/mpeg"], endings: &["mp3"], show: Show::Audio },
    Kind {
        media_type: "audio/mp4",
        signatures: &["audio/m4a", "video/mp4"],
        endings: &["m4a"],
        show: Show::Audio,
    },
    Kind { media_type: "audio/aac", signatures: &["audio/aac"], endings: &["aac"], show: Show::Audio },
    Kind {
        media_type: "audio/ogg",
        signatures: &["audio/ogg", "audio/opus"],
        endings: &["ogg", "oga", "opus"],
        show: Show::Audio,
    },
    Kind { media_type: "audio/flac", signatures: &["audio/x-flac"], endings: &["flac"], show: Show::Audio },
    Kind { media_type: "audio/wav", signatures: &["audio/x-wav"], endings: &["wav"], show: Show::Audio },
    Kind {
        media_type: "video/mp4",
        signatures: &["video/mp4", "video/x-m4v"],
        endings: &["mp4", "m4v"],
        show: Show::Video,
    },
    Kind { media_type: "video/webm", signatures: &["video/webm"], endings: &["webm"], show: Show::Video },
    Kind {
        media_type: "application/pdf",
        signatures: &["application/pdf"],
        endings: &["pdf"],
        show: Show::Document,
    },
];

/// What phones open by its type after the download, by the name's ending alone: the type of an
/// attachment runs nothing.
const DOWNLOADS: &[(&str, &str)] = &[
    ("csv", "text/csv"),
    ("doc", "application/msword"),
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("epub", "application/epub+zip"),
    ("odp", "application/vnd.oasis.opendocument.presentation"),
    ("ods", "application/vnd.oasis.opendocument.spreadsheet"),
    ("odt", "application/vnd.oasis.opendocument.text"),
    ("ppt", "application/vnd.ms-powerpoint"),
    ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ("txt", "text/plain"),
    ("xls", "application/vnd.ms-excel"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("zip", "application/zip"),
];

/// The media type of a file.
pub(crate) fn of(beginning: &[u8], name: &str) -> &'static str {
    let ending = name.rsplit_once('.').map_or_else(String::new, |(_, ending)| ending.to_ascii_lowercase());
    let signature = infer::get(beginning).map_or("", |known| known.mime_type());
    let shown = KINDS
        .iter()
        .find(|kind| kind.endings.contains(&ending.as_str()) && kind.signatures.contains(&signature));
    if let Some(kind) = shown {
        return kind.media_type;
    }
    DOWNLOADS.iter().find(|(known, _)| *known == ending).map_or(BYTES, |(_, media_type)| media_type)
}

/// How a file of this media type is shown.
pub(crate) fn show(media_type: &str) -> Show {
    KINDS.iter().find(|kind| kind.media_type == media_type).map_or(Show::Download, |kind| kind.show)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    const JPEG: &[u8] = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01";
    const MP4: &[u8] = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom";
    const HTML: &[u8] = b"<!doctype html><script>alert(1)</script>";
    const SVG: &[u8] = b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>";

    #[test]
    fn content_and_ending_must_agree_before_a_browser_shows_it() {
        for (beginning, name, media_type, shown) in [
            (PNG, "foto.png", "image/png", Show::Image),
            (JPEG, "FOTO.JPG", "image/jpeg", Show::Image),
            (MP4, "film.mp4", "video/mp4", Show::Video),
            (MP4, "rekaman.m4a", "audio/mp4", Show::Audio),
            (b"%PDF-1.7\n", "buku.pdf", "application/pdf", Show::Document),
            (b"ID3\x03\0\0\0", "lagu.mp3", "audio/mpeg", Show::Audio),
            (b"PK\x03\x04", "tugas.docx", DOWNLOADS[2].1, Show::Download),
            // Declared as one thing, and another.
            (PNG, "foto.html", BYTES, Show::Download),
            (PNG, "foto.pdf", BYTES, Show::Download),
            (HTML, "foto.png", BYTES, Show::Download),
            (HTML, "buku.pdf", BYTES, Show::Download),
            (HTML, "halaman.html", BYTES, Show::Download),
            (HTML, "halaman", BYTES, Show::Download),
            (SVG, "gambar.svg", BYTES, Show::Download),
            (SVG, "gambar.png", BYTES, Show::Download),
            (b"<?xml version=\"1.0\"?><a/>", "a.xml", BYTES, Show::Download),
            (b"", "", BYTES, Show::Download),
        ] {
            let found = of(beginning, name);
            assert_eq!((found, show(found)), (media_type, shown), "{name}");
        }
    }

    #[test]
    fn nothing_that_a_browser_runs_is_ever_a_type() {
        let types = KINDS.iter().map(|kind| kind.media_type).chain(DOWNLOADS.iter().map(|(_, media)| *media));
        for media_type in types {
            let runs = ["html", "xml", "svg", "script", "css", "json", "multipart"];
            let office = media_type.contains("openxmlformats");
            assert!(office || !runs.iter().any(|word| media_type.contains(word)), "{media_type}");
        }
    }
}
