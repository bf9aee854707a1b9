ALTER TABLE person ADD COLUMN number TEXT COLLATE NOCASE CHECK (number <> '');
ALTER TABLE person ADD COLUMN group_name TEXT COLLATE NOCASE CHECK (group_name <> '');
ALTER TABLE person ADD COLUMN pin TEXT CHECK (pin <> '');
ALTER TABLE person ADD COLUMN pin_failures INTEGER NOT NULL DEFAULT 0;
ALTER TABLE person ADD COLUMN card INTEGER NOT NULL DEFAULT 1;
ALTER TABLE person ADD COLUMN signed_in_at INTEGER;
ALTER TABLE person ADD COLUMN deactivated_at INTEGER;

UPDATE person SET signed_in_at = created_at;

CREATE UNIQUE INDEX person_by_number ON person (number);
CREATE INDEX person_by_name ON person (kind, name COLLATE NOCASE);
CREATE INDEX person_by_group ON person (kind, group_name, name COLLATE NOCASE);
