INSERT INTO lesson (meeting, began_at, ended_at, presence) VALUES (1, 1, 5, 2), (2, NULL, 9, 3);
INSERT INTO stay (meeting, person, first_at, last_at, present_ms) VALUES (1, 3, 2, 4, 2);
INSERT INTO attendance (meeting, person, mark, marked_by, marked_at) VALUES
    (1, 5, 'present', 2, 6),
    (1, 6, 'sick', NULL, 6);
