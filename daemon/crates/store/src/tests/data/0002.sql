INSERT INTO person (id, kind, name, login, password, created_at, number, group_name, pin, pin_failures, card,
    signed_in_at, deactivated_at) VALUES
    (5, 'student', 'Citra', 'citra', NULL, 5, '0051', '7A', '$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA', 3, 2,
     6, NULL),
    (6, 'student', 'Dewi', NULL, NULL, 5, '0052', '7A', NULL, 0, 1, NULL, 7);
