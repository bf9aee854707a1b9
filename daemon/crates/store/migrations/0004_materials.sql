-- Files are kept on the data partition under their SHA-256, each content once; rows count who uses
-- it. Meetings have materials, and large files arrive in pieces.
CREATE TABLE content (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    sha256 BLOB NOT NULL UNIQUE CHECK (length(sha256) = 32),
    size_bytes INTEGER NOT NULL CHECK (size_bytes > 0),
    uses INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL
) STRICT;

CREATE INDEX content_unused ON content (uses) WHERE uses = 0;

CREATE TABLE file (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    content INTEGER NOT NULL REFERENCES content (id),
    name TEXT NOT NULL CHECK (name <> ''),
    media_type TEXT NOT NULL CHECK (media_type <> ''),
    person INTEGER REFERENCES person (id) ON DELETE SET NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE INDEX file_by_content ON file (content);
CREATE INDEX file_by_person ON file (person) WHERE person IS NOT NULL;

CREATE TRIGGER file_uses_content AFTER INSERT ON file BEGIN
    UPDATE content SET uses = uses + 1 WHERE id = NEW.content;
END;

CREATE TRIGGER file_leaves_content AFTER DELETE ON file BEGIN
    UPDATE content SET uses = uses - 1 WHERE id = OLD.content;
END;

CREATE TABLE material (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    meeting INTEGER NOT NULL REFERENCES meeting (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('text', 'link', 'file')),
    title TEXT CHECK (title <> ''),
    text TEXT CHECK (text <> ''),
    file INTEGER REFERENCES file (id),
    created_at INTEGER NOT NULL,
    CHECK ((kind = 'file') = (file IS NOT NULL)),
    CHECK ((kind = 'file') = (text IS NULL))
) STRICT;

CREATE INDEX material_by_meeting ON material (meeting, position);
CREATE UNIQUE INDEX material_by_file ON material (file) WHERE file IS NOT NULL;

CREATE TRIGGER material_takes_its_file AFTER DELETE ON material WHEN OLD.file IS NOT NULL BEGIN
    DELETE FROM file WHERE id = OLD.file;
END;

CREATE TABLE upload (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    person INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    meeting INTEGER NOT NULL REFERENCES meeting (id) ON DELETE CASCADE,
    name TEXT NOT NULL CHECK (name <> ''),
    size_bytes INTEGER NOT NULL CHECK (size_bytes > 0),
    created_at INTEGER NOT NULL,
    used_at INTEGER NOT NULL,
    material INTEGER REFERENCES material (id) ON DELETE CASCADE
) STRICT;

CREATE INDEX upload_by_person ON upload (person, size_bytes) WHERE material IS NULL;
CREATE INDEX upload_of_person ON upload (person);
CREATE INDEX upload_by_meeting ON upload (meeting);
CREATE INDEX upload_by_use ON upload (used_at);
CREATE INDEX upload_by_material ON upload (material) WHERE material IS NOT NULL;
