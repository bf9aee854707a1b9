INSERT INTO notice (id, course, title, text, author, created_at, changed_at) VALUES
    (1, 1, 'Ulangan hari Senin', 'Bawa **kalkulator**.', 2, 7, NULL),
    (2, 1, 'Libur', NULL, NULL, 8, 9);
INSERT INTO notice_read (course, person, notice) VALUES (1, 5, 1);
