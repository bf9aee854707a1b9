INSERT INTO message (meeting, author, author_name, key, text, recipient, created_at, deleted_at, deleted_by) VALUES
    (1, 2, 'Bu Sari', 'd', 'Gedung B', NULL, 4, NULL, NULL);
UPDATE course SET archived_at = 9 WHERE id = 1;
UPDATE course SET archived_at = NULL WHERE id = 1;
