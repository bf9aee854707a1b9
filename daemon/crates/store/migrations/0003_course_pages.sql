-- A course has a term and can be put away; its meetings have an order, a time, and a moment from
-- which students see them. What exists already was seen by everybody.
ALTER TABLE course ADD COLUMN term TEXT CHECK (term <> '');
ALTER TABLE course ADD COLUMN archived_at INTEGER;

ALTER TABLE meeting ADD COLUMN position INTEGER NOT NULL DEFAULT 0;
ALTER TABLE meeting ADD COLUMN starts_at INTEGER;
ALTER TABLE meeting ADD COLUMN published_at INTEGER;
UPDATE meeting SET
    position = (SELECT count(*) FROM meeting AS earlier
                WHERE earlier.course = meeting.course AND earlier.id <= meeting.id),
    published_at = created_at;

DROP INDEX meeting_by_course;
CREATE INDEX meeting_by_course ON meeting (course, position);
