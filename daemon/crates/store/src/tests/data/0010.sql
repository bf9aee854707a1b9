INSERT INTO quiz (id, meeting, title, text, opens_at, due_at, limit_ms, sequence, attempts, scoring, created_at,
    published_at, released_at) VALUES
    (1, 1, 'Kuis gaya', 'Kerjakan **sendiri**.', 5, 20, 600000, 'shuffled', 2, 'released', 1, 2, NULL),
    (2, 1, 'Latihan', NULL, NULL, NULL, NULL, 'fixed', 1, 'at_once', 1, NULL, NULL);
INSERT INTO question (id, quiz, position, kind, text, points, choices, solution, tolerance, created_at) VALUES
    (1, 1, 1, 'single', 'Satuan gaya?', 1, 'joule
newton', '2', NULL, 1),
    (2, 1, 2, 'multiple', 'Mana gaya?', 2, 'gesek
massa
pegas', '1 3', NULL, 1),
    (3, 1, 3, 'number', 'g?', 1, NULL, '9.8', 100000, 1),
    (4, 1, 4, 'text', 'Penemu?', 1, NULL, 'Newton
Isaac Newton', NULL, 1);
INSERT INTO attempt (id, quiz, person, seed, used_ms, started_at, handed_in_at, ending, spared_at) VALUES
    (1, 1, 5, 77, 120000, 6, 7, 'student', NULL),
    (2, 1, 5, 78, 30000, 8, NULL, NULL, NULL),
    (3, 1, 6, 79, 600000, 6, 9, 'time', 10);
INSERT INTO answer (attempt, question, text) VALUES (1, 1, '2'), (1, 2, '1 3'), (1, 3, '9,81'), (2, 4, 'newton');
