INSERT INTO run_second (run, at_ms, users, bots) VALUES (1, 3000, 2, 1);
INSERT INTO run_mark (run, number, at_ms, direction, name, person, users, bots) VALUES
    (1, 2, 2500, 'in', 'Bot 1', -1, 2, 1);
