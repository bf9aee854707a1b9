INSERT INTO person (id, kind, name, login, password, created_at) VALUES
    (1, 'technician', 'Pak Edi', 'edi', '$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA', 1),
    (2, 'teacher', 'Bu Sari', 'sari', NULL, 2),
    (3, 'student', 'Budi', NULL, NULL, 3),
    (4, 'guest', 'Ani 👩', NULL, NULL, 4);
INSERT INTO sign_in_link (token_hash, person, created_at, expires_at, used_at) VALUES
    (zeroblob(32), 2, 1, 2, NULL);
INSERT INTO session (person, token_hash, transport, user_agent, created_at, used_at) VALUES
    (2, zeroblob(32), 'secure', 'Mozilla/5.0', 1, 2);
INSERT INTO course (id, title, join_code, guest_policy, created_at) VALUES (1, 'IPA 7A', 'ABC234', 'ask', 1);
INSERT INTO member (course, person, role, state, joined_at, removed_at, removed_by) VALUES
    (1, 2, 'teacher', 'active', 1, NULL, NULL),
    (1, 3, 'student', 'removed', 1, 5, 2),
    (1, 4, 'guest', 'active', 1, NULL, NULL);
INSERT INTO meeting (id, course, title, lobby, created_at) VALUES (1, 1, 'Gaya', 'guests', 1);
INSERT INTO message (meeting, author, author_name, key, text, recipient, created_at, deleted_at, deleted_by) VALUES
    (1, 2, 'Bu Sari', 'a', 'Selamat pagi', NULL, 1, NULL, NULL),
    (1, 3, 'Budi', 'b', NULL, NULL, 2, 3, 2),
    (1, 3, 'Budi', 'c', 'Bu, saya lupa', 2, 3, NULL, NULL);
INSERT INTO setting (key, value) VALUES ('language', 'id');
