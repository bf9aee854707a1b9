INSERT INTO course (id, title, join_code, guest_policy, created_at, term, archived_at) VALUES
    (2, 'IPA 7A', 'ABC235', 'refuse', 1, '2025/2026 Genap', 9);
INSERT INTO meeting (id, course, title, lobby, created_at, position, starts_at, published_at) VALUES
    (2, 1, 'Energi', 'guests', 2, 2, 1000, NULL);
