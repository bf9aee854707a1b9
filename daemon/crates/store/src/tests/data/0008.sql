INSERT INTO assignment (id, meeting, title, text, due_at, late, points, created_at, published_at) VALUES
    (1, 1, 'Soal gaya', 'Kerjakan **nomor 1**.', 10, 'accept', 100, 1, 2),
    (2, 1, 'Esai', NULL, NULL, 'refuse', 10, 1, NULL);
INSERT INTO content (id, sha256, size_bytes, created_at) VALUES (2, randomblob(32), 7, 1);
INSERT INTO file (id, content, name, media_type, person, created_at) VALUES
    (2, 1, 'Soal.pdf', 'application/pdf', 2, 1),
    (3, 2, 'Jawaban.jpg', 'image/jpeg', 5, 11);
INSERT INTO assignment_file (file, assignment) VALUES (2, 1);
INSERT INTO submission (id, assignment, person, text, received_at, score, comment, graded_at, returned_at,
    reopened_at, created_at) VALUES
    (1, 1, 5, 'F = m a', 11, 8750, 'Bagus', 12, 13, NULL, 11),
    (2, 1, 6, NULL, NULL, 0, NULL, 12, NULL, NULL, 12);
INSERT INTO submission_file (file, submission) VALUES (3, 1);
INSERT INTO upload (id, person, meeting, name, size_bytes, created_at, used_at, material, assignment, file) VALUES
    (3, 5, 1, 'Jawaban.jpg', 7, 10, 11, NULL, 1, 3);
