INSERT INTO content (id, sha256, size_bytes, created_at) VALUES (1, zeroblob(32), 5, 1);
INSERT INTO file (id, content, name, media_type, person, created_at) VALUES (1, 1, 'Gaya.pdf', 'application/pdf', 2, 1);
INSERT INTO material (id, meeting, position, kind, title, text, file, created_at) VALUES
    (1, 1, 1, 'text', NULL, 'Baca **bab 3**.', NULL, 1),
    (2, 1, 2, 'link', 'Wikipedia', 'https://id.wikipedia.org/wiki/Gaya', NULL, 1),
    (3, 1, 3, 'file', NULL, NULL, 1, 1);
INSERT INTO upload (id, person, meeting, name, size_bytes, created_at, used_at, material) VALUES
    (1, 2, 1, 'Gaya.pdf', 5, 1, 1, 3),
    (2, 2, 1, 'Film.mp4', 900, 1, 2, NULL);
