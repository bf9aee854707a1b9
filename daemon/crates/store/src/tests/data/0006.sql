INSERT INTO run (id, name, meeting, meeting_title, started_by, machine, created_at, length_ms, ending) VALUES
    (1, 'Tujuh ponsel', 1, 'Gaya', 2, 'Raspberry Pi 4, 4 cores', 1, 2000, 'interrupted'),
    (2, 'Lagi', NULL, 'Energi', NULL, 'Raspberry Pi 4, 4 cores', 2, 0, NULL);
INSERT INTO run_second (run, at_ms, users, daemon_cpu_permille, daemon_pss_bytes, machine_cpu_permille,
    machine_used_bytes) VALUES
    (1, 1000, 0, 1.5, 9000000, 31.25, NULL),
    (1, 2000, 1, NULL, NULL, NULL, 200000000);
INSERT INTO run_mark (run, number, at_ms, direction, name, person, users) VALUES (1, 1, 1500, 'in', 'Budi', 3, 1);
