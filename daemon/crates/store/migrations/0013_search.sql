-- Full-text search over what courses are made of, chat and people, and over all that is there already.
CREATE VIEW searchable AS
SELECT 1 AS kind, id, id AS course, title, term AS text FROM course WHERE archived_at IS NULL
UNION ALL
SELECT 2, meeting.id, meeting.course, meeting.title, NULL
FROM meeting JOIN course ON course.id = meeting.course WHERE archived_at IS NULL
UNION ALL
SELECT 3, material.id, meeting.course, coalesce(material.title, '') || ' ' || coalesce(file.name, ''), text
FROM material JOIN meeting ON meeting.id = material.meeting JOIN course ON course.id = meeting.course
    LEFT JOIN file ON file.id = material.file WHERE archived_at IS NULL
UNION ALL
SELECT 4, assignment.id, meeting.course, assignment.title, text
FROM assignment JOIN meeting ON meeting.id = assignment.meeting JOIN course ON course.id = meeting.course
WHERE archived_at IS NULL
UNION ALL
SELECT 5, notice.id, notice.course, notice.title, text
FROM notice JOIN course ON course.id = notice.course WHERE archived_at IS NULL
UNION ALL
SELECT 6, message.id, meeting.course, NULL, text
FROM message JOIN meeting ON meeting.id = message.meeting JOIN course ON course.id = meeting.course
WHERE archived_at IS NULL AND text IS NOT NULL
UNION ALL
SELECT 7, id, NULL, name, coalesce(number, '') || ' ' || coalesce(group_name, '') FROM person;

CREATE VIRTUAL TABLE search USING fts5 (place, title, text, content = '', contentless_delete = 1,
        tokenize = "unicode61 remove_diacritics 2");

CREATE TRIGGER search_learns_course AFTER INSERT ON course BEGIN
    INSERT INTO search (rowid, place, title, text)
    SELECT (kind << 40) + id, 'c' || course, title, text FROM searchable WHERE kind = 1 AND id = NEW.id;
END;

CREATE TRIGGER search_corrects_course AFTER UPDATE OF title, term ON course BEGIN
    DELETE FROM search WHERE rowid = (1 << 40) + OLD.id;
    INSERT INTO search (rowid, place, title, text)
    SELECT (kind << 40) + id, 'c' || course, title, text FROM searchable WHERE kind = 1 AND id = NEW.id;
END;

CREATE TRIGGER search_forgets_course AFTER DELETE ON course BEGIN
    DELETE FROM search WHERE rowid = (1 << 40) + OLD.id;
END;

CREATE TRIGGER search_learns_meeting AFTER INSERT ON meeting BEGIN
    INSERT INTO search (rowid, place, title, text)
    SELECT (kind << 40) + id, 'c' || course, title, text FROM searchable WHERE kind = 2 AND id = NEW.id;
END;

CREATE TRIGGER search_corrects_meeting AFTER UPDATE OF title ON meeting BEGIN
    DELETE FROM search WHERE rowid = (2 << 40) + OLD.id;
    INSERT INTO search (rowid, place, title, text)
    SELECT (kind << 40) + id, 'c' || course, title, text FROM searchable WHERE kind = 2 AND id = NEW.id;
END;

CREATE TRIGGER search_forgets_meeting AFTER DELETE ON meeting BEGIN
    DELETE FROM search WHERE rowid = (2 << 40) + OLD.id;
END;

CREATE TRIGGER search_learns_material AFTER INSERT ON material BEGIN
    INSERT INTO search (rowid, place, title, text)
    SELECT (kind << 40) + id, 'c' || course, title, text FROM searchable WHERE kind = 3 AND id = NEW.id;
END;

CREATE TRIGGER search_corrects_material AFTER UPDATE OF title, text ON material BEGIN
    DELETE FROM search WHERE rowid = (3 << 40) + OLD.id;
    INSERT INTO search (rowid, place, title, text)
    SELECT (kind << 40) + id, 'c' || course, title, text FROM searchable WHERE kind = 3 AND id = NEW.id;
END;

CREATE TRIGGER search_forgets_material AFTER DELETE ON material BEGIN
    DELETE FROM search WHERE rowid = (3 << 40) + OLD.id;
END;

CREATE TRIGGER search_learns_assignment AFTER INSERT ON assignment BEGIN
    INSERT INTO search (rowid, place, title, text)
    SELECT (kind << 40) + id, 'c' || course, title, text FROM searchable WHERE kind = 4 AND id = NEW.id;
END;

CREATE TRIGGER search_corrects_assignment AFTER UPDATE OF title, text ON assignment BEGIN
    DELETE FROM search WHERE rowid = (4 << 40) + OLD.id;
    INSERT INTO search (rowid, place, title, text)
    SELECT (kind << 40) + id, 'c' || course, title, text FROM searchable WHERE kind = 4 AND id = NEW.id;
END;

CREATE TRIGGER search_forgets_assignment AFTER DELETE ON assignment BEGIN
    DELETE FROM search WHERE rowid = (4 << 40) + OLD.id;
END;

CREATE TRIGGER search_learns_notice AFTER INSERT ON notice BEGIN
    INSERT INTO search (rowid, place, title, text)
    SELECT (kind << 40) + id, 'c' || course, title, text FROM searchable WHERE kind = 5 AND id = NEW.id;
END;

CREATE TRIGGER search_corrects_notice AFTER UPDATE OF title, text ON notice BEGIN
    DELETE FROM search WHERE rowid = (5 << 40) + OLD.id;
    INSERT INTO search (rowid, place, title, text)
    SELECT (kind << 40) + id, 'c' || course, title, text FROM searchable WHERE kind = 5 AND id = NEW.id;
END;

CREATE TRIGGER search_forgets_notice AFTER DELETE ON notice BEGIN
    DELETE FROM search WHERE rowid = (5 << 40) + OLD.id;
END;

CREATE TRIGGER search_learns_message AFTER INSERT ON message BEGIN
    INSERT INTO search (rowid, place, title, text)
    SELECT (kind << 40) + id, 'c' || course, title, text FROM searchable WHERE kind = 6 AND id = NEW.id;
END;

CREATE TRIGGER search_corrects_message AFTER UPDATE OF text ON message BEGIN
    DELETE FROM search WHERE rowid = (6 << 40) + OLD.id;
    INSERT INTO search (rowid, place, title, text)
    SELECT (kind << 40) + id, 'c' || course, title, text FROM searchable WHERE kind = 6 AND id = NEW.id;
END;

CREATE TRIGGER search_forgets_message AFTER DELETE ON message BEGIN
    DELETE FROM search WHERE rowid = (6 << 40) + OLD.id;
END;

CREATE TRIGGER search_learns_person AFTER INSERT ON person BEGIN
    INSERT INTO search (rowid, place, title, text)
    SELECT (kind << 40) + id, 'c' || course, title, text FROM searchable WHERE kind = 7 AND id = NEW.id;
END;

CREATE TRIGGER search_corrects_person AFTER UPDATE OF name, number, group_name ON person BEGIN
    DELETE FROM search WHERE rowid = (7 << 40) + OLD.id;
    INSERT INTO search (rowid, place, title, text)
    SELECT (kind << 40) + id, 'c' || course, title, text FROM searchable WHERE kind = 7 AND id = NEW.id;
END;

CREATE TRIGGER search_forgets_person AFTER DELETE ON person BEGIN
    DELETE FROM search WHERE rowid = (7 << 40) + OLD.id;
END;

CREATE TRIGGER search_puts_away BEFORE UPDATE OF archived_at ON course
WHEN OLD.archived_at IS NULL AND NEW.archived_at IS NOT NULL BEGIN
    DELETE FROM search WHERE rowid IN (SELECT (kind << 40) + id FROM searchable WHERE course = OLD.id);
END;

CREATE TRIGGER search_takes_up AFTER UPDATE OF archived_at ON course
WHEN OLD.archived_at IS NOT NULL AND NEW.archived_at IS NULL BEGIN
    INSERT INTO search (rowid, place, title, text)
    SELECT (kind << 40) + id, 'c' || course, title, text FROM searchable WHERE course = NEW.id;
END;

INSERT INTO search (rowid, place, title, text)
SELECT (kind << 40) + id, 'c' || course, title, text FROM searchable;
